/** @file A caption server: takes the picture as bytes or in JSON, answers its caption. BLIP-2 as system C has it, and Hugging Face’s inference. */
import { z } from 'zod'
import type { Captioner } from '../../ports/chat.ts'
import { encodeForm } from '../encode-form.ts'
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

interface Way {
  /** for a person, where a server takes none of them */
  readonly name: string
  encode(jpeg: Uint8Array): Promise<Sent> | Sent
}
interface Sent {
  readonly body: string | Uint8Array
  readonly contentType: string
}

const byForm = (field: string): Way => ({
  name: `form field “${field}”`,
  encode: (bytes) => encodeForm({}, { [field]: { bytes, type: 'image/jpeg', name: 'picture.jpg' } }),
})
const byJson = (field: string): Way => ({
  name: `JSON field “${field}”`,
  encode: (jpeg) => ({ body: JSON.stringify({ [field]: Buffer.from(jpeg).toString('base64') }), contentType: 'application/json' }),
})
/** Ways to send a picture; no standard says which, so a server that refuses one is asked in the next. */
const WAYS: readonly Way[] = [
  { name: 'raw bytes', encode: (jpeg) => ({ body: jpeg, contentType: 'image/jpeg' }) },
  byForm('file'),
  byForm('image'),
  byJson('image'),
  byJson('inputs'),
]
/** Refusals of the way, not of the picture. */
const REFUSALS = [400, 415, 422]
/** FastAPI names the field that it misses: `{"detail": [{"type": "missing", "loc": ["body", "upload"]}]}` */
const Missing = z.object({ detail: z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])) })) })
/** Where the caption lies, in the answer or in the first entry of its list. */
const CAPTION_KEYS = ['generated_text', 'caption', 'text', 'description'] as const

export function createCaptioner(server: CaptionServer): Captioner {
  const url = new URL(server.url)
  /** what this server was found to take */
  let known: Way | null = null
  return {
    host: url.host,
    async caption(jpeg, { signal, nextKey }) {
      const ways = known === null ? [...WAYS] : [known, ...WAYS.filter((way) => way !== known)]
      const tried: string[] = []
      let refusal: ProviderFailure | null = null
      for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
        const sent = await way.encode(jpeg)
        const answer = await askProvider(url, {
          ...sent,
          ...{ key: server.key, accept: 'application/json', limits: server.limits, idempotencyKey: nextKey?.(), signal },
        })
        tried.push(way.name)
        if (REFUSALS.includes(answer.status)) {
          refusal ??= failureOfStatus(answer, url)
          const field = findMissingField(answer.bytes)
          const named = field === null ? null : byForm(field)
          if (named && ![...ways, way].some(({ name }) => name === named.name) && !tried.includes(named.name)) ways.unshift(named)
          continue
        }
        if (answer.status !== 200) throw failureOfStatus(answer, url)
        const text = findCaption(readJsonBody(answer, url))
        if (text === null) throw new ProviderFailure('bad-answer', `${showUrl(url)} answers no caption (${CAPTION_KEYS.join(', ')})`)
        known = way
        return { text, model: server.model, usage: { inputTokens: null, outputTokens: null, cost: null, calls: 1 } }
      }
      // a server that took pictures before refuses this one; another may take it, so nothing is paused
      throw new ProviderFailure(
        refusal?.fault === 'photo' ? refusal.kind : 'bad-answer',
        `${refusal?.message ?? showUrl(url)}. The picture was sent as ${tried.join(', ')}, and each was refused`,
      )
    },
    async checkPresence(signal) {
      const answer = await askProvider(url, { key: server.key, accept: 'application/json', limits: PRESENCE_LIMITS, signal })
      // it need not answer a GET: that it answers at all is what was asked
      if ([401, 402, 403].includes(answer.status) || answer.status >= 500) throw failureOfStatus(answer, url)
      return `${url.host} answers; whether it captions shows with the first picture`
    },
  }
}

function findMissingField(bytes: Buffer): string | null {
  try {
    const parsed = Missing.safeParse(JSON.parse(bytes.toString('utf8')))
    const [place, field] = parsed.data?.detail[0]?.loc ?? []
    return place === 'body' && typeof field === 'string' && /^[\w-]{1,60}$/.test(field) ? field : null
  } catch {
    return null
  }
}

function findCaption(body: unknown): string | null {
  const first: unknown = Array.isArray(body) ? body[0] : body
  if (typeof first === 'string') return first
  if (typeof first !== 'object' || first === null) return null
  const fields = first as Record<string, unknown>
  const said = CAPTION_KEYS.map((key) => fields[key]).find((value) => typeof value === 'string')
  return typeof said === 'string' ? said : null
}
