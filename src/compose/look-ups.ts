/** @file What is known of stored facts since a newer list: cities of positions, languages of texts. Looked up once, after the start. */
import type { OpenDatabase } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { placeAgain } from '../pipeline/steps/metadata/place-again.ts'
import { tellLanguages } from '../pipeline/steps/ocr/tell-languages.ts'
import type { Signals } from './signals.ts'

const LOOK_UPS = [
  { what: 'the cities of older photos', lookUp: placeAgain },
  { what: 'the languages of older texts', lookUp: tellLanguages },
]

export function composeLookUps({ db }: OpenDatabase, stack: AsyncDisposableStack, log: Log, signals: Signals): { start(): void } {
  const closing = new AbortController()
  let running: Promise<void> | undefined
  stack.defer(async () => {
    closing.abort()
    await running
  })
  const run = async () => {
    for (const { what, lookUp } of LOOK_UPS)
      try {
        const photos = await lookUp(db, closing.signal)
        if (photos > 0) log.info({ photos }, `${what} were looked up`)
        if (photos > 0 && !closing.signal.aborted) signals.factsChanged.emit()
      } catch (error) {
        if (!closing.signal.aborted)
          log.warn({ err: describeError(error) }, `${what} could not be looked up yet; tried again at the next start`)
      }
  }
  return {
    start: () => {
      running = run()
    },
  }
}
