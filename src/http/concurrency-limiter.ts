/** @file Runs a limited number of costly requests at once, keeps a limited number waiting, and refuses the rest with a time to come back. */
import { FototecaError } from '../domain/errors.ts'

export interface Limit {
  /** requests that run at the same time */
  readonly running: number
  /** requests that wait for a place */
  readonly waiting: number
}

export interface ConcurrencyLimiter {
  /**
   * @param client who asks: one client gets at most three quarters of the places, so that the others always find one
   * @returns the place; dispose it to give it back
   * @throws FototecaError `too_many` with the seconds to wait; the signal’s reason when the caller left while waiting
   */
  enter(client: string, signal?: AbortSignal): Promise<Disposable>
}

const MAX_SHARE = 0.75
/** assumed before the first request has finished */
const FIRST_GUESS_MS = 1000
/** weight of the newest request in the average */
const NEWEST = 0.2
const MAX_RETRY_AFTER_S = 3600

interface Waiting {
  readonly client: string
  go(): void
}

export function createConcurrencyLimiter(
  { running, waiting }: Limit,
  now: () => number = performance.now.bind(performance),
): ConcurrencyLimiter {
  const share = { running: Math.ceil(running * MAX_SHARE), waiting: Math.ceil(waiting * MAX_SHARE) }
  const inside = new Set<{ readonly client: string; readonly since: number }>()
  const queue: Waiting[] = []
  let averageMs = FIRST_GUESS_MS

  const countOf = (client: string, list: Iterable<{ readonly client: string }>) => {
    let count = 0
    for (const one of list) if (one.client === client) count += 1
    return count
  }
  const isFree = (client: string) => inside.size < running && countOf(client, inside) < share.running

  function take(client: string): Disposable {
    const place = { client, since: now() }
    inside.add(place)
    return {
      [Symbol.dispose]: () => {
        if (!inside.delete(place)) return
        averageMs += NEWEST * (now() - place.since - averageMs)
        const next = queue.findIndex((one) => isFree(one.client))
        if (next !== -1) queue.splice(next, 1)[0]?.go()
      },
    }
  }

  /** Seconds until all that wait now have had their turn. Requests that run longer than usual count as long as they have run. */
  function estimateWait(places: number, before: number): number {
    const ages = [...inside].map(({ since }) => now() - since)
    const each = Math.max(averageMs, ages.reduce((sum, age) => sum + age, 0) / Math.max(1, ages.length))
    return Math.min(MAX_RETRY_AFTER_S, Math.max(1, Math.ceil((each * (before + 1)) / places / 1000)))
  }

  function refuse(client: string): FototecaError | undefined {
    const mine = countOf(client, queue)
    if (queue.length < waiting && mine < share.waiting) return undefined
    const retryAfter = queue.length >= waiting ? estimateWait(running, queue.length) : estimateWait(share.running, mine)
    return new FototecaError('too_many', `too many requests of this kind at once; try again in ${retryAfter} s`, { retryAfter })
  }

  return {
    async enter(client, signal) {
      signal?.throwIfAborted()
      if (isFree(client)) return take(client)
      const refusal = refuse(client)
      if (refusal) throw refusal
      return await new Promise((resolve, reject) => {
        const one: Waiting = {
          client,
          go: () => {
            signal?.removeEventListener('abort', giveUp)
            resolve(take(client))
          },
        }
        const giveUp = () => {
          queue.splice(queue.indexOf(one), 1)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        queue.push(one)
      })
    },
  }
}
