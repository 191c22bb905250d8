/** @file “Is this …?”: faces and clusters that lie near a person, but not near enough to be put there without asking. Pure. */

import type { FacesToPlace } from './place-faces.ts'
import { rankOwners } from './rank-owners.ts'

export interface Question {
  /** index of the face, or null where it is about a whole cluster */
  readonly face: number | null
  /** the cluster: id, or below 0 a new one */
  readonly other: number | null
  readonly person: number
  /** squared */
  readonly square: number
  /** the order in which they are asked, highest first */
  readonly usefulness: number
}

/** Of the faces of a cluster, so many must lie near the same person. */
const MIN_SUPPORT = 0.3
/** A person of fewer faces is not asked about, unless they have a name. */
const MIN_FACES = 3
const MAX_QUESTIONS = 500

/**
 * The nearest first, where yes is likely but not sure; an answer about a cluster settles all its faces at once, so larger ones go before.
 * @param persons as placed
 * @param isNamed people with a name: they are asked about, and not questioned themselves
 */
export function findQuestions(input: FacesToPlace, persons: Int32Array, isNamed: (person: number) => boolean): Question[] {
  const sizes = new Map<number, number>()
  for (const person of persons) if (person !== 0) sizes.set(person, (sizes.get(person) ?? 0) + 1)
  const { ask, join } = input.limits
  const closeness = (square: number) => Math.min(1, Math.max(0, (ask - square) / (ask - join)))
  const questions: Question[] = []
  const near = new Map<number, Map<number, { faces: number; squares: number }>>()

  for (let face = 0; face < persons.length; face++) {
    const own = persons[face] ?? 0
    if (own === 0 ? !input.isStrong[face] : isNamed(own)) continue
    const [best] = rankOwners(input, persons, sizes, face, own)
    if (!best || best.square > ask) continue
    const isWorthy = isNamed(best.person) || (sizes.get(best.person) ?? 0) >= Math.max(MIN_FACES, sizes.get(own) ?? 0)
    if (!isWorthy) continue
    if (own === 0) {
      questions.push({ face, other: null, person: best.person, square: best.square, usefulness: closeness(best.square) })
      continue
    }
    const found = near.get(own) ?? new Map<number, { faces: number; squares: number }>()
    const entry = found.get(best.person) ?? { faces: 0, squares: 0 }
    found.set(best.person, { faces: entry.faces + 1, squares: entry.squares + best.square })
    near.set(own, found)
  }
  for (const [other, found] of near)
    for (const [person, { faces, squares }] of found) {
      const size = sizes.get(other) ?? 1
      if (faces < size * MIN_SUPPORT) continue
      const square = squares / faces
      questions.push({ face: null, other, person, square, usefulness: closeness(square) * (1 + Math.log2(size)) })
    }
  return questions.sort((a, b) => b.usefulness - a.usefulness || a.square - b.square).slice(0, MAX_QUESTIONS)
}
