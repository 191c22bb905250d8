/** @file A server outside that embeds texts, as the settings name it; null while none is named. Opening it asks nobody. */
import { isLoopbackHost } from '../../config/loopback.ts'
import { type Config, SETTINGS } from '../../config/schema.ts'
import { MAX_INDEXED_WIDTH } from '../../db/vector.ts'
import type { ModelInfo } from '../ports/capability.ts'
import { embedTextsRemotely } from '../providers/openai/embed-texts.ts'
import { openAiUrl } from '../providers/openai/server.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { LIMITS } from '../providers/provider-request.ts'

export type TextServerSettings = Pick<
  Config,
  'textEmbedding' | 'textEmbeddingUrl' | 'textEmbeddingKey' | 'textEmbeddingWidth' | 'describeTimeoutMs'
>

export interface TextServer {
  readonly info: ModelInfo
  readonly host: string
  readonly isRemote: boolean
  /** numbers kept of each vector, by configuration; null: `chooseWidth` of what the server answers */
  readonly width: number | null
  /**
   * @param width numbers kept, the first of what the model answers; null: all
   * @param timeoutMs for the whole answer; without it as long as descriptions may take
   * @returns rows of unit length, in the order of the texts
   * @throws ProviderFailure
   */
  embed(
    texts: readonly string[],
    use: 'document' | 'query',
    options: { readonly width: number | null; readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<Float32Array[]>
}

/**
 * Numbers kept of a vector that is wider than the index takes. Measured in the embedded database (`npm run bench -- text-space`, ADR 23):
 * exact search of wider vectors costs too much from some thousand photos on.
 */
const CUT_WIDTH = 1024

export const chooseWidth = (own: number): number => (own > MAX_INDEXED_WIDTH ? CUT_WIDTH : own)

/** How models want to be told what is looked for and what is looked through, as their makers write. */
const FORMS: readonly { readonly models: RegExp; readonly query: string; readonly document: string }[] = [
  {
    models: /qwen3-embedding/i,
    query: 'Instruct: Given a search query, retrieve descriptions of photos that show what is asked for\nQuery:',
    document: '',
  },
  { models: /nomic-embed/i, query: 'search_query: ', document: 'search_document: ' },
  { models: /(^|[/_-])e5-/i, query: 'query: ', document: 'passage: ' },
]

/** @throws ProviderFailure `misconfigured` naming the setting that is missing */
export function openTextServer(settings: TextServerSettings): TextServer | null {
  const { textEmbedding: model, textEmbeddingUrl: baseUrl, textEmbeddingKey: key } = settings
  if (model === undefined) return null
  if (baseUrl === undefined)
    throw new ProviderFailure(
      'misconfigured',
      `${SETTINGS.textEmbedding.env} names ${model}, but no address: set ${SETTINGS.textEmbeddingUrl.env}`,
    )
  const { host } = openAiUrl(baseUrl, 'embeddings')
  const form = FORMS.find(({ models }) => models.test(model)) ?? { query: '', document: '' }
  const wholeMs = settings.describeTimeoutMs
  // some servers refuse to be asked for a width, and some take no notice of it: then the vectors are cut here
  let asksWidth = true
  return {
    info: { id: `text/${model}@server`, provider: 'openai', name: model, version: 'server', licence: 'the model’s own' },
    host,
    isRemote: !isLoopbackHost(host.replace(/:\d+$/, '')),
    width: settings.textEmbeddingWidth ?? null,
    async embed(texts, use, { width, timeoutMs = wholeMs, signal }) {
      const limits = { ...LIMITS, firstByteMs: timeoutMs, wholeMs: timeoutMs }
      const server = { baseUrl, key, model, limits }
      const ask = (dimensions: number | null) =>
        embedTextsRemotely(
          server,
          texts.map((text) => form[use] + text),
          { ...(dimensions === null ? {} : { dimensions }), ...(signal ? { signal } : {}) },
        )
      if (width === null) return ask(null)
      if (!asksWidth) return (await ask(null)).map((vector) => cutTo(vector, width))
      try {
        return (await ask(width)).map((vector) => cutTo(vector, width))
      } catch (error) {
        if (!(error instanceof ProviderFailure) || error.kind !== 'misconfigured') throw error
        const vectors = await ask(null).catch(() => {
          throw error
        })
        asksWidth = false
        return vectors.map((vector) => cutTo(vector, width))
      }
    },
  }
}

/** The first numbers, again of unit length: what Matryoshka models are trained for. @throws ProviderFailure where there are fewer */
function cutTo(vector: Float32Array, width: number): Float32Array {
  if (vector.length === width) return vector
  if (vector.length < width)
    throw new ProviderFailure(
      'bad-answer',
      `the server answers vectors of ${vector.length} numbers, ${SETTINGS.textEmbeddingWidth.env} wants ${width}`,
    )
  const first = vector.slice(0, width)
  const length = Math.hypot(...first)
  if (length === 0) throw new ProviderFailure('bad-answer', `the server answers a vector whose first ${width} numbers are all 0`)
  return first.map((value) => value / length)
}
