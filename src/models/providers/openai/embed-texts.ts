/** @file Text embeddings of any OpenAI-compatible server. */
import { z } from 'zod'
import { failureOfStatus } from '../failure-of-status.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { askProvider, readJsonBody, showUrl } from '../provider-request.ts'
import { type OpenAiServer, openAiUrl } from './server.ts'

const EmbeddingsBody = z.object({ data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()) })) })

/**
 * @param dimensions asked of models that can shorten their vectors; servers that take no notice answer wider ones
 * @returns [texts.length][width] float32 of unit length, in the order of the texts
 * @throws ProviderFailure; `bad-answer` for other counts, widths, or numbers that are none
 */
export async function embedTextsRemotely(
  server: OpenAiServer,
  texts: readonly string[],
  options: { readonly dimensions?: number; readonly signal?: AbortSignal } = {},
): Promise<Float32Array[]> {
  const url = openAiUrl(server.baseUrl, 'embeddings')
  const { dimensions, signal } = options
  const answer = await askProvider(url, {
    key: server.key,
    body: JSON.stringify({
      model: server.model,
      input: texts,
      encoding_format: 'float',
      ...(dimensions === undefined ? {} : { dimensions }),
    }),
    contentType: 'application/json',
    accept: 'application/json',
    // 4,096 numbers take about 90 kB as JSON
    limits: { ...server.limits, maxBytes: server.limits.maxBytes + texts.length * 200_000 },
    signal,
  })
  if (answer.status !== 200) throw failureOfStatus(answer, url)
  const parsed = EmbeddingsBody.safeParse(readJsonBody(answer, url))
  if (!parsed.success) throw new ProviderFailure('bad-answer', `${showUrl(url)} answers no embeddings`)
  const rows = [...parsed.data.data].sort((a, b) => a.index - b.index)
  const width = rows[0]?.embedding.length
  if (rows.length !== texts.length || rows.some((row, at) => row.index !== at || row.embedding.length !== width))
    throw new ProviderFailure(
      'bad-answer',
      `${showUrl(url)} answers ${rows.length} embeddings of ${width ?? 0} numbers and others; ${texts.length} of one width were wanted`,
    )
  return rows.map((row) => toUnitLength(row.embedding, url))
}

function toUnitLength(numbers: readonly number[], url: URL): Float32Array {
  const length = Math.hypot(...numbers)
  if (!Number.isFinite(length) || length === 0)
    throw new ProviderFailure('bad-answer', `${showUrl(url)} answers an embedding without a direction`)
  return Float32Array.from(numbers, (value) => value / length)
}
