/** @file Cities of photos that were analysed before the present list of cities: looked up once, after the start. */
import type { OpenDatabase } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { placeAgain } from '../pipeline/steps/metadata/place-again.ts'
import type { Signals } from './signals.ts'

export function composePlaces({ db }: OpenDatabase, stack: AsyncDisposableStack, log: Log, signals: Signals): { start(): void } {
  const closing = new AbortController()
  let running: Promise<void> | undefined
  stack.defer(async () => {
    closing.abort()
    await running
  })
  return {
    start: () => {
      running = placeAgain(db, closing.signal).then(
        (photos) => {
          if (photos > 0) log.info({ photos }, 'cities were found for photos with a position')
          if (photos > 0 && !closing.signal.aborted) signals.factsChanged.emit()
        },
        (error: unknown) => {
          if (!closing.signal.aborted)
            log.warn({ err: describeError(error) }, 'the cities of older photos could not be found yet; tried again at the next start')
        },
      )
    },
  }
}
