/** @file Pictures by an OpenAI-compatible server: `/images/edits` around a product, `/images/generations` from words (as gpt-image-1). */
import { z } from 'zod'
import type { CallOptions } from '../../ports/capability.ts'
import type { ImageWish, MadeImage } from '../../ports/image-maker.ts'
import { encodeForm, type FormFile } from '../encode-form.ts'
import { failureOfStatus } from '../failure-of-status.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { askProvider, type RequestLimits, readJsonBody, showUrl } from '../provider-request.ts'

/** base64 of a PNG of 1536 × 1024 */
const MAX_ANSWER_BYTES = 60_000_000
/** Of every GPT image model (API reference, “Create image”). */
const MAX_PROMPT = 32_000
/** Of a mask; the picture itself may have 50 MB (API reference, “Create image edit”). */
const MAX_MASK_BYTES = 4_000_000
/** Later models keep their input faithfully by themselves, the mini ones cannot, and both refuse the field. */
const TAKES_FIDELITY = /^gpt-image-1(\.5)?(-\d|$)/
const SIZES = [
  [1024, 1024],
  [1536, 1024],
  [1024, 1536],
] as const

const Answer = z.object({
  data: z.array(z.object({ b64_json: z.string().min(1) })).min(1),
  usage: z
    .object({ total_tokens: z.number().nonnegative(), cost: z.number().nonnegative().nullish().catch(null) })
    .nullish()
    .catch(null),
})

export interface OpenAiImages {
  readonly baseUrl: string
  readonly key: string | undefined
  readonly model: string
  readonly limits: RequestLimits
}

const png = (name: string, bytes: Uint8Array): FormFile => ({ bytes, type: 'image/png', name: `${name}.png` })

/** @throws ProviderFailure */
export async function makeImageByOpenAi(server: OpenAiImages, wish: ImageWish, { signal, callId }: CallOptions): Promise<MadeImage> {
  const url = new URL(server.baseUrl)
  const path = url.pathname.replace(/\/+$/, '') || '/v1'
  url.pathname = `${path}/images/${wish.product ? 'edits' : 'generations'}`
  const aspect = wish.width / wish.height
  const [width, height] =
    SIZES.toSorted(([aw, ah], [bw, bh]) => Math.abs(Math.log(aw / ah / aspect)) - Math.abs(Math.log(bw / bh / aspect)))[0] ?? SIZES[0]
  const size = `${width}x${height}`
  if (wish.prompt.length > MAX_PROMPT)
    throw new ProviderFailure('bad-picture', `the words are ${wish.prompt.length} characters long; ${server.model} takes ${MAX_PROMPT}`)
  if (wish.product && wish.product.mask.byteLength >= MAX_MASK_BYTES)
    throw new ProviderFailure('bad-picture', `the mask has ${wish.product.mask.byteLength} bytes; ${server.model} takes less than 4 MB`)
  const { body, contentType } = wish.product
    ? await encodeForm(
        {
          model: server.model,
          prompt: wish.prompt,
          size,
          n: '1',
          ...(TAKES_FIDELITY.test(server.model) ? { input_fidelity: 'high' } : {}),
        },
        { 'image[]': png('image', wish.product.image), mask: png('mask', wish.product.mask) },
      )
    : { body: JSON.stringify({ model: server.model, prompt: wish.prompt, size, n: 1 }), contentType: 'application/json' }
  const answer = await askProvider(url, {
    key: server.key,
    body,
    contentType,
    accept: 'application/json',
    limits: { ...server.limits, maxBytes: MAX_ANSWER_BYTES },
    idempotencyKey: callId,
    signal,
  })
  if (answer.status !== 200) throw failureOfStatus(answer, url)
  const parsed = Answer.safeParse(readJsonBody(answer, url))
  const [first] = parsed.data?.data ?? []
  if (!first) throw new ProviderFailure('bad-answer', `${showUrl(url)} answers 200 without a picture in it`)
  return {
    bytes: Buffer.from(first.b64_json, 'base64'),
    tokens: parsed.data?.usage?.total_tokens ?? null,
    cost: parsed.data?.usage?.cost ?? null,
  }
}
