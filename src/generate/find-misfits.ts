/** @file Why the files of types and products do not fit together, each named with what it lacks. Pure. */
import type { ImageType } from './image-type.ts'
import type { ProductKind } from './product-kind.ts'

type Files<T> = ReadonlyMap<string, T>

/**
 * The compiler holds each file to its shape; here they are held against each other.
 * @param types by name of the file; @param asked numbers and names that clients of system D count on
 */
export function findMisfits(
  types: Files<{ readonly type?: ImageType }>,
  products: Files<{ readonly product?: ProductKind }>,
  asked: Readonly<Record<number, string>>,
): string[] {
  const misfits: string[] = []
  const byNumber = new Map<number, string>()
  const scenes = [...types].flatMap(([file, { type }]) => (type?.way === 'scene' ? [file] : []))
  for (const [file, { type }] of types) {
    const say = (what: string) => misfits.push(`types/${file}.ts ${what}`)
    if (!type) {
      say('exports no “type”')
      continue
    }
    const other = byNumber.get(type.number)
    if (other !== undefined) say(`has number ${type.number}, and so has types/${other}.ts`)
    if (!Number.isInteger(type.number) || type.number < 1 || type.number > 99) say(`has number ${type.number}; 1 to 99 are there`)
    if (!isShare(type.fill)) say(`fills ${type.fill} of the side; more than 0 and at most 1 is there`)
    byNumber.set(type.number, file)
  }
  for (const [number, name] of Object.entries(asked)) {
    const file = byNumber.get(Number(number))
    if (file === undefined) misfits.push(`types has no file of number ${number}, ${name}, that clients of system D ask for`)
    else if (types.get(file)?.type?.name !== name) misfits.push(`types/${file}.ts has number ${number}, which is called ${name}`)
  }
  for (const [file, { product }] of products) {
    const say = (what: string) => misfits.push(`products/${file}.ts ${what}`)
    if (!product) {
      say('exports no “product”')
      continue
    }
    if (product.defaultTypes.length === 0) say('names no type in “defaultTypes”')
    for (const number of product.defaultTypes)
      if (!byNumber.has(number)) say(`names type ${number} in “defaultTypes”, and no file in types has it`)
    for (const [scene, { fill }] of Object.entries(product.scenes)) {
      if (!scenes.includes(scene)) say(`wants something of the scene “${scene}”; there are ${scenes.join(', ')}`)
      if (fill !== undefined && !isShare(fill)) say(`fills ${fill} of the side in “${scene}”; more than 0 and at most 1 is there`)
    }
  }
  return misfits
}

const isShare = (value: number): boolean => value > 0 && value <= 1
