/** @file A caption server: takes the picture as bytes or in JSON, answers its caption. BLIP-2 as system C has it, and Hugging Face’s inference. */
import type { Captioner } from '../../ports/chat.ts'
import { failureOfStatus } from '../failure-of-status.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { askProvider, PRESENCE_LIMITS, type RequestLimits, readJsonBody, showUrl } from '../provider-request.ts'

export interface CaptionServer {
  readonly url: string
  readonly key: string | undefined
  /** how results name it; the server itself does not say */
  readonly model: string
  readonly limits: RequestLimits
}

/** Ways to send a picture; no standard says which, so a server that refuses one is asked in the next. */
const WAYS: readonly ((jpeg: Uint8Array) => { body: string | Uint8Array; contentType: string })[] = [
  (jpeg) => ({ body: jpeg, contentType: 'image/jpeg' }),
  (jpeg) => ({ body: JSON.stringify({ image: base64(jpeg) }), contentType: 'application/json' }),
  (jpeg) => ({ body: JSON.stringify({ inputs: base64(jpeg) }), contentType: 'application/json' }),
]
/** Where the caption lies, in the answer or in the first entry of its list. */
const CAPTION_KEYS = ['generated_text', 'caption', 'text', 'description'] as const

export function createCaptioner(server: CaptionServer): Captioner {
  const url = new URL(server.url)
  let way = 0
  return {
    host: url.host,
    async caption(jpeg, { signal }) {
      let refusal: ProviderFailure | null = null
      for (let at = way; at < WAYS.length; at++) {
        const sent = WAYS[at]?.(jpeg)
        if (!sent) break
        const answer = await askProvider(url, { ...sent, key: server.key, accept: 'application/json', limits: server.limits, signal })
        if ([400, 415, 422].includes(answer.status)) {
          refusal ??= failureOfStatus(answer, url)
          continue
        }
        if (answer.status !== 200) throw failureOfStatus(answer, url)
        const text = findCaption(readJsonBody(answer, url))
        if (text === null) throw new ProviderFailure('bad-answer', `${showUrl(url)} answers no caption (${CAPTION_KEYS.join(', ')})`)
        way = at
        return { text, model: server.model, usage: { inputTokens: null, outputTokens: null, cost: null, calls: 1 } }
      }
      throw refusal ?? new ProviderFailure('misconfigured', `${showUrl(url)} takes no picture`)
    },
    async checkPresence(signal) {
      const answer = await askProvider(url, { key: server.key, accept: 'application/json', limits: PRESENCE_LIMITS, signal })
      // it need not answer a GET: that it answers at all is what was asked
      if ([401, 402, 403].includes(answer.status) || answer.status >= 500) throw failureOfStatus(answer, url)
      return `${url.host} answers; whether it captions shows with the first picture`
    },
  }
}

function base64(jpeg: Uint8Array): string {
  return Buffer.from(jpeg).toString('base64')
}

function findCaption(body: unknown): string | null {
  const first: unknown = Array.isArray(body) ? body[0] : body
  if (typeof first === 'string') return first
  if (typeof first !== 'object' || first === null) return null
  const fields = first as Record<string, unknown>
  const said = CAPTION_KEYS.map((key) => fields[key]).find((value) => typeof value === 'string')
  return typeof said === 'string' ? said : null
}
