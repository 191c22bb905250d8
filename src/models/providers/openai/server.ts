/** @file An OpenAI-compatible server: what has to be known of it, and its addresses. */
import type { RequestLimits } from '../provider-request.ts'

export interface OpenAiServer {
  /** e.g. `http://host:8000/v1`, `http://host:8000`, or the whole address of the endpoint */
  readonly baseUrl: string
  readonly key: string | undefined
  readonly model: string
  readonly limits: RequestLimits
  /** what to do where the server answers and has no such model; for a person */
  readonly advice?: string | undefined
}

/** Whole addresses that people copy. */
const NAMED = /\/(?:chat\/completions|embeddings)$/

/** A base without a path is that of a server of one's own, which has its API under `/v1`. */
export function openAiUrl(baseUrl: string, endpoint: 'chat/completions' | 'embeddings' | 'models'): URL {
  const url = new URL(baseUrl)
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = `${path.replace(NAMED, '') || '/v1'}/${endpoint}`
  return url
}
