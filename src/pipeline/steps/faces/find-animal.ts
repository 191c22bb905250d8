/** @file Whose face it is that was found: a person’s, or that of an animal the face finder took for one. */
import { type Box, shareInside } from '../../../domain/geometry.ts'

/** The animals among the labels of COCO, which finders of objects use. */
const ANIMALS: ReadonlySet<string> = new Set(['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'])
/** So much of a face lies in the box of whom it belongs to: boxes are drawn a little too tight or too wide. */
const IN_BOX = 0.8

export interface Thing {
  readonly label: string
  readonly box: Box
}

/**
 * The label of the animal a face belongs to; null: a person, or nothing is known. The smallest box around the face decides: of a dog on a
 * lap the dog’s, of a rider the rider’s.
 */
export function findAnimal(face: Box, things: readonly Thing[]): string | null {
  const holders = things.filter(({ label, box }) => (label === 'person' || ANIMALS.has(label)) && shareInside(face, box) >= IN_BOX)
  const [holder] = holders.sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height)
  return holder === undefined || holder.label === 'person' ? null : holder.label
}
