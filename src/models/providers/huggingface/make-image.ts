/** @file A picture from a text, by Hugging Face’s inference. */

import type { CallOptions } from '../../ports/capability.ts'
import { failureOfStatus } from '../failure-of-status.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { askProvider, type RequestLimits, showUrl } from '../provider-request.ts'

export interface ImageServer {
  /** of the router, e.g. `https://router.huggingface.co` */
  readonly baseUrl: string
  readonly key: string | undefined
  /** e.g. `black-forest-labs/FLUX.1-schnell` */
  readonly model: string
  readonly limits: RequestLimits
}

export interface ImageWish {
  readonly prompt: string
  readonly width?: number
  readonly height?: number
  readonly steps?: number
  readonly seed?: number
}

/** A 2048 px PNG takes about 8 MB. */
const MAX_IMAGE_BYTES = 30_000_000
const STARTS: readonly (readonly [type: string, bytes: readonly number[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
]

/**
 * @returns the file as the server made it; its type is read from its first bytes
 * @throws ProviderFailure; `unavailable` with `retryAfterMs` while the model is being loaded there
 */
export async function makeImageByHuggingFace(
  server: ImageServer,
  { prompt, width, height, steps, seed }: ImageWish,
  options: CallOptions = {},
): Promise<{ readonly bytes: Uint8Array; readonly type: string }> {
  const url = new URL(`${server.baseUrl.replace(/\/+$/, '')}/hf-inference/models/${server.model}`)
  const answer = await askProvider(url, {
    key: server.key,
    body: JSON.stringify({ inputs: prompt, parameters: { width, height, num_inference_steps: steps, seed } }),
    contentType: 'application/json',
    accept: 'image/png',
    limits: { ...server.limits, maxBytes: MAX_IMAGE_BYTES },
    idempotencyKey: options.callId,
    signal: options.signal,
  })
  if (answer.status !== 200) throw failureOfStatus(answer, url)
  const type = STARTS.find(([, start]) => start.every((byte, at) => answer.bytes[at] === byte))?.[0]
  if (type === undefined)
    throw new ProviderFailure('bad-answer', `${showUrl(url)} answers ${answer.contentType || 'something'} that is no picture`)
  return { bytes: answer.bytes, type }
}
