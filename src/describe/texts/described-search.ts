/** @file Encodes what is searched for by the server that embedded the descriptions, within a time limit; a server that is down is not waited for. */

import { Breaker, type BreakerPace, type Circuit } from '../../background/breaker.ts'
import { describeError } from '../../domain/errors.ts'
import { ProviderFailure } from '../../models/providers/provider-failure.ts'
import type { TextServer } from '../../models/spaces/text-server.ts'
import type { FindDescribed } from '../../search/search-deps.ts'
import type { TextSpaceRow } from './store-texts.ts'

/** 200 vectors of 1,024 float32 are .8 MB; pages and filters of a search ask for the same words. */
const KEPT_QUERIES = 200

export interface DescribedSearchDeps {
  readonly server: TextServer
  readonly space: () => Promise<TextSpaceRow | null>
  /** of the filler: a server that does not answer it is not asked here either */
  readonly circuit: () => Circuit
  readonly timeoutMs: number
  readonly cutOff: number
  readonly now?: () => number
  readonly breakerPace?: BreakerPace | undefined
}

export function createDescribedSearch({
  server,
  space,
  circuit,
  timeoutMs,
  cutOff,
  now = Date.now,
  breakerPace,
}: DescribedSearchDeps): FindDescribed {
  const breaker = new Breaker(breakerPace)
  const kept = new Map<string, Float32Array>()
  const without = (reason: string) => ({ notice: `Descriptions were not searched by meaning: ${reason}.` })

  const keep = (text: string, vector: Float32Array) => {
    kept.delete(text)
    kept.set(text, vector)
    if (kept.size > KEPT_QUERIES) kept.delete(kept.keys().next().value ?? '')
  }

  return async (text) => {
    const own = await space()
    if (own === null) return null
    const known = kept.get(text)
    if (known) {
      keep(text, known)
      return { spaceId: own.id, vector: known, cutOff }
    }
    const open = [breaker.circuit(now()), circuit()].find(({ state }) => state === 'open')
    if (open) return without(open.reason ?? 'its server does not answer')
    if (breaker.room(now()) < 1) return without('one search tries whether its server answers again')
    const end = breaker.begin()
    try {
      const [vector] = await server.embed([text], 'query', { width: own.width, timeoutMs })
      if (!vector) throw new ProviderFailure('bad-answer', `${server.host} answers no vector`)
      breaker.answered()
      keep(text, vector)
      return { spaceId: own.id, vector, cutOff }
    } catch (error) {
      const failure = error instanceof ProviderFailure ? error : null
      // one search has waited in vain; the next ones do not
      if (failure?.fault === 'configuration') breaker.misconfigured(now(), failure.message)
      else if (failure?.fault !== 'photo') breaker.limited(now(), describeError(error), failure?.retryAfterMs ?? null)
      return without(describeError(error))
    } finally {
      end()
    }
  }
}
