/** @file Embedding of descriptions as the rest sees it: the filler, the search by it, its space, and what of it leaves this machine. */
import type { BreakerPace } from '../../background/breaker.ts'
import type { Task } from '../../background/task.ts'
import type { TextEmbeddingReport } from '../../contract/describe.ts'
import type { Db } from '../../db/client.ts'
import { describeError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import type { Outages } from '../../domain/outage.ts'
import type { TextServer } from '../../models/spaces/text-server.ts'
import type { KeptSpace } from '../../pipeline/spaces/spaces.ts'
import type { FindDescribed } from '../../search/search-deps.ts'
import { saidWhatTextsLeave } from '../say-what-leaves.ts'
import { createDescribedSearch } from './described-search.ts'
import { countTexts, retryFailedTexts } from './store-texts.ts'
import { TextFiller } from './text-filler.ts'

export interface TextsDeps {
  readonly db: Db
  readonly log: Log
  /** null: off. @throws FototecaError when a setting is missing */
  readonly openServer: () => TextServer | null
  /** of a search, for the query's vector */
  readonly timeoutMs: number
  readonly cutOff: number
  readonly outages?: Outages
  readonly now?: () => number
  readonly breakerPace?: BreakerPace
}

export interface Texts extends AsyncDisposable {
  /** null when off */
  readonly task: Task | null
  start(): void
  /** texts may have changed */
  wake(): void
  readonly described: FindDescribed
  /** null for a space that is not the one in use */
  keeps(space: { readonly id: number; readonly name: string }): Promise<KeptSpace | null>
  /** null when off */
  leaves(): string | null
  /** host and port of its server; null when off */
  sendsTo(): string | null
  /** why it does not work though it is wanted; null when it does, or is off */
  notice(): string | null
  report(): Promise<TextEmbeddingReport>
}

export function createTexts(deps: TextsDeps): Texts {
  const { db, log } = deps
  let server: TextServer | null = null
  let missing: string | null = null
  try {
    server = deps.openServer()
  } catch (error) {
    missing = describeError(error)
    log.warn({ reason: missing }, 'descriptions cannot be embedded')
  }
  const filler = server && new TextFiller({ ...deps, server })
  const described: FindDescribed =
    server && filler
      ? createDescribedSearch({ ...deps, server, space: () => filler.space(), circuit: () => filler.circuit() })
      : () => Promise.resolve(null)

  const whyNot = () => {
    const circuit = filler?.circuit()
    return circuit?.state === 'open' ? { reason: circuit.reason ?? '', untilMs: circuit.untilMs } : null
  }

  return {
    task: filler?.task ?? null,
    start: () => filler?.start(),
    wake: () => filler?.wake(),
    described,
    leaves: () => saidWhatTextsLeave(server),
    sendsTo: () => server?.host ?? null,
    notice: () => missing ?? whyNot()?.reason ?? null,
    async keeps({ id, name }) {
      const space = await filler?.space()
      if (!filler || !server || space?.id !== id) return null
      return {
        model: server.info.name,
        owed: (await countTexts(db, id)).due,
        reason: whyNot()?.reason ?? null,
        whyKept: `the configuration wants ${name} (FOTOTECA_TEXT_EMBEDDING); change it there`,
        async resume() {
          await retryFailedTexts(db, id)
          filler.reset()
        },
      }
    },
    async report() {
      const space = (await filler?.space()) ?? null
      const counts = space ? await countTexts(db, space.id) : { embedded: 0, due: 0, failed: 0, paused_because: null }
      const why = whyNot()
      const reason = missing ?? counts.paused_because ?? why?.reason ?? null
      return {
        on: server !== null,
        state: server === null && missing === null ? 'off' : reason !== null ? 'paused' : filler?.isWorking ? 'working' : 'idle',
        reason,
        until: why?.untilMs == null ? null : new Date(why.untilMs).toISOString(),
        model: server?.info.name ?? null,
        sends_to: server?.host ?? null,
        remote: server?.isRemote ?? null,
        leaves: saidWhatTextsLeave(server),
        space: space && { id: space.id, width: space.width },
        embedded: counts.embedded,
        due: counts.due,
        failed: counts.failed,
        cut_off: deps.cutOff,
      }
    },
    async [Symbol.asyncDispose]() {
      await filler?.[Symbol.asyncDispose]()
    },
  }
}
