/**
 * @file Finds look-alikes by embedding, photo by photo in the background: crops and other strong edits, shots of one moment, similar pictures.
 * What is due is a query, so a crash, a new photo or another space is worked off the same way.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DuplicateKind } from '../../contract/words.ts'
import type { Db } from '../../db/client.ts'
import { describeError } from '../../domain/errors.ts'
import { hammingDistance, hashWords, TRANSFORMS } from '../../domain/hamming.ts'
import type { Log } from '../../domain/log.ts'
import { MIN_QUALITY } from './find-duplicates.ts'
import { MAX_DISTANCE } from './hash-index.ts'
import { findNearLimits, MID_BITS, type NearLimits } from './near-limits.ts'
import { findUncompared, type NearSpace, type Neighbour, readNeighbours, readUsableHash, replaceNearPairs } from './store-near.ts'

const BATCH = 50

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
  #isClosing = false
  #isWanted = false
  #running: Promise<void> | undefined

  constructor(deps: NearFinderDeps) {
    this.#deps = deps
  }

  wake(): void {
    this.#isWanted = true
    if (this.#isClosing) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (this.#isWanted) this.wake()
    })
  }

  async #run(): Promise<void> {
    this.#isWanted = false
    try {
      while (!this.#isClosing && (await this.step())) await nextTurn()
    } catch (error) {
      if (!this.#isClosing)
        this.#deps.log.error({ err: describeError(error) }, 'look-alikes could not be found; they are looked for again later')
    }
  }

  /** The next photos. @returns false when none is due */
  async step(): Promise<boolean> {
    const { db, onChanged } = this.#deps
    const space = await this.#deps.space()
    const limits = space && findNearLimits(space.name)
    if (!space || !limits) return false
    const due = await findUncompared(db, space.id, BATCH)
    const furthest = Math.max(limits.edited, limits.burst, limits.similar)
    let hasChanged = false
    for (const id of due) {
      if (this.#isClosing) return false
      // one commit: the arithmetic between reading and writing takes microseconds
      const changed = await db.transaction().execute(async (trx) => {
        const own = await readUsableHash(trx, id, MIN_QUALITY)
        const pairs = (await readNeighbours(trx, space, id, furthest, MIN_QUALITY)).flatMap((other) => {
          const bits = own && other.hash ? nearestTurn(own, other.hash) : null
          const kind = tellKind(other, bits, limits)
          return kind === null ? [] : [{ other: other.id, kind, distance: other.distance, bits }]
        })
        return replaceNearPairs(trx, id, space.id, pairs)
      })
      if (changed) hasChanged = true
    }
    if (hasChanged) onChanged()
    return due.length > 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    await this.#running
  }
}

/** What the hashes told already (31 bits) is not told again. */
export function tellKind(
  other: Pick<Neighbour, 'distance' | 'isOneMoment'>,
  bits: number | null,
  limits: NearLimits,
): DuplicateKind | null {
  if (bits !== null && bits <= MAX_DISTANCE) return null
  if (other.isOneMoment && other.distance <= limits.burst) return 'burst'
  if (bits !== null && bits <= MID_BITS && other.distance <= limits.edited) return 'edited'
  return other.distance <= limits.similar ? 'similar' : null
}

/** Bits between a picture, however turned, and another as it is. */
export function nearestTurn(dihedral: Uint8Array, upright: Uint8Array): number {
  const other = hashWords(upright)
  return Math.min(...TRANSFORMS.map((_, turn) => hammingDistance(hashWords(dihedral, turn * 32), 0, other)))
}
