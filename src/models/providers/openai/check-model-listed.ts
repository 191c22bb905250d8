/** @file Whether an OpenAI-compatible server is there and has the model: its list of models, which costs nothing and gets no picture. */
import { z } from 'zod'
import { failureOfStatus } from '../failure-of-status.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { askProvider, PRESENCE_LIMITS } from '../provider-request.ts'
import { type OpenAiServer, openAiUrl } from './server.ts'

/** Named to a person who asked for one that is not among them. */
const MAX_NAMED = 8

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) })

/**
 * @returns what was found, for a person
 * @throws ProviderFailure `misconfigured` where the server lists models and not this one, or as the request failed
 */
export async function checkModelListed(
  server: Pick<OpenAiServer, 'baseUrl' | 'key' | 'model' | 'advice'>,
  signal?: AbortSignal,
): Promise<string> {
  const { model } = server
  const url = openAiUrl(server.baseUrl, 'models')
  const answer = await askProvider(url, { key: server.key, accept: 'application/json', limits: PRESENCE_LIMITS, signal })
  const listsNone = `${url.host} answers, but does not say which models it has`
  // no such address, or no such method: a server that only chats
  if (answer.status === 404 || answer.status === 405) return listsNone
  if (answer.status !== 200) throw failureOfStatus(answer, url)
  const ids = readIds(answer.bytes)
  if (ids === null) return listsNone
  if (ids.some((id) => isSame(id, model))) return `${url.host} answers and has ${model}`
  const there = ids.length === 0 ? 'it has none' : `it has ${ids.slice(0, MAX_NAMED).join(', ')}${ids.length > MAX_NAMED ? ', …' : ''}`
  throw new ProviderFailure('misconfigured', `${url.host} answers, but has no ${model}: ${server.advice ?? there}`)
}

/** Ollama lists `gemma3:latest` for `gemma3`, Gemini `models/gemini-…` for `gemini-…`. */
function isSame(id: string, model: string): boolean {
  const plain = (name: string) =>
    name
      .toLowerCase()
      .replace(/^models\//, '')
      .replace(/:latest$/, '')
  return plain(id) === plain(model)
}

function readIds(bytes: Buffer): string[] | null {
  try {
    const parsed = ModelList.safeParse(JSON.parse(bytes.toString('utf8')))
    return parsed.success ? parsed.data.data.map(({ id }) => id) : null
  } catch {
    return null
  }
}
