/**
 * @file Finds look-alikes by embedding, photo by photo in the background: crops and other strong edits, shots of one moment, similar pictures.
 * What is due is a query, so a crash, a new photo or another space is worked off the same way.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Task } from '../../background/task.ts'
import type { DuplicateKind } from '../../contract/words.ts'
import type { Db } from '../../db/client.ts'
import { findPart } from '../../domain/likeness/find-part.ts'
import { hammingDistance, hashWords, TRANSFORMS } from '../../domain/likeness/hamming.ts'
import type { Log } from '../../domain/log.ts'
import { MIN_QUALITY } from '../../pipeline/steps/duplicates/find-duplicates.ts'
import { MAX_DISTANCE } from '../../pipeline/steps/duplicates/hash-index.ts'
import { FURTHEST, findNearLimits, MID_BITS, type NearLimits, SAME_PAGE } from './near-limits.ts'
import {
  countUncompared,
  findUncompared,
  type NearPair,
  type NearSpace,
  type Neighbour,
  type Own,
  readNeighbours,
  readOwn,
  replaceNearPairs,
} from './store-near.ts'

const BATCH = 50
/** Neighbours looked at in one turn. */
const TURN = 8

export interface NearFinderDeps {
  readonly db: Db
  readonly log: Log
  /** the space that answers searches where it is measured, else `look` */
  readonly space: () => Promise<NearSpace | null>
  /** pairs were found, or are none any more */
  readonly onChanged: () => void
}

export class NearFinder implements AsyncDisposable {
  readonly #deps: NearFinderDeps
  readonly task: Task

  constructor(deps: NearFinderDeps) {
    this.#deps = deps
    this.task = new Task({
      name: 'look-alikes',
      due: async () => {
        const space = await deps.space()
        return space ? await countUncompared(deps.db, space.id) : 0
      },
      work: () => this.step(),
      log: deps.log,
      failureMessage: 'look-alikes could not be found; they are looked for again later',
    })
  }

  wake(): void {
    this.task.wake()
  }

  /** The next photos. @returns false when none is due */
  async step(): Promise<boolean> {
    const { db, onChanged } = this.#deps
    const space = await this.#deps.space()
    const limits = space && findNearLimits(space.name)
    if (!space || !limits) return false
    const furthest = Math.max(FURTHEST, limits.edited, limits.burst, limits.similar)
    const due = await findUncompared(db, space.id, BATCH)
    let hasChanged = false
    for (const id of due) {
      if (this.task.signal.aborted) return false
      const { own, neighbours } = await db.transaction().execute(async (trx) => ({
        own: await readOwn(trx, space.id, id, MIN_QUALITY),
        neighbours: await readNeighbours(trx, space, id, furthest, MIN_QUALITY),
      }))
      // between the transactions, in turns: laying one picture over another takes a millisecond
      const pairs: NearPair[] = []
      for (const [at, other] of neighbours.entries()) {
        if (at % TURN === TURN - 1) await nextTurn()
        const bits = own.dihedral && other.hash ? nearestTurn(own.dihedral, other.hash) : null
        const kind = tellKind(other, bits, limits, { isPart: () => isPart(own, other), isOtherPage: () => isOtherPage(own, other) })
        if (kind !== null) pairs.push({ other: other.id, kind, distance: other.distance, bits })
      }
      if (await db.transaction().execute((trx) => replaceNearPairs(trx, id, space.id, own.changedIn, pairs))) hasChanged = true
    }
    if (hasChanged) onChanged()
    return due.length > 0
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }
}

const isPart = ({ outline: a }: Own, { outline: b }: Neighbour): boolean =>
  a !== null && b !== null && (findPart(a, b) ?? findPart(b, a)) !== null

/** Both are pages of text, and of different texts. */
function isOtherPage({ page: a }: Own, { page: b }: Neighbour): boolean {
  if (a === null || b === null) return false
  const [words, others] = [a, b].map((text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu))) as [Set<string>, Set<string>]
  const shared = [...words].filter((word) => others.has(word)).length
  return shared < SAME_PAGE * (words.size + others.size - shared)
}

interface Comparisons {
  /** whether one of the two was cut out of the other */
  readonly isPart: () => boolean
  readonly isOtherPage: () => boolean
}

/**
 * What the hashes told already (31 bits) is not told again.
 * @param compare what is asked only where nothing cheaper tells
 */
export function tellKind(
  other: Pick<Neighbour, 'distance' | 'isOneMoment'>,
  bits: number | null,
  limits: NearLimits,
  { isPart, isOtherPage }: Comparisons,
): DuplicateKind | null {
  if (bits !== null && bits <= MAX_DISTANCE) return null
  if (other.isOneMoment && other.distance <= limits.burst) return 'burst'
  if (bits !== null && bits <= MID_BITS && other.distance <= limits.edited) return 'edited'
  if (isPart()) return 'edited'
  return other.distance <= limits.similar && !isOtherPage() ? 'similar' : null
}

/** Bits between a picture, however turned, and another as it is. */
export function nearestTurn(dihedral: Uint8Array, upright: Uint8Array): number {
  const other = hashWords(upright)
  return Math.min(...TRANSFORMS.map((_, turn) => hammingDistance(hashWords(dihedral, turn * 32), 0, other)))
}
