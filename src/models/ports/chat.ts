/** @file What the two forms of `describe` need from a provider: a chat, and a captioner. */
import type { Usage } from './usage.ts'

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant'
  readonly text: string
  readonly jpeg?: Uint8Array
}

export interface ChatAnswer {
  readonly text: string
  /** false when the server stopped it at the token limit */
  readonly isWhole: boolean
  /** as the server names it */
  readonly model: string
  readonly usage: Usage
}

export interface Chat {
  /** host[:port] */
  readonly host: string
  /** @throws ProviderFailure */
  ask(turns: readonly ChatTurn[], options: AskOptions): Promise<ChatAnswer>
  /** Asks whether the model is there; nothing of a picture is sent. @returns what was found, for a person. @throws ProviderFailure */
  checkPresence(signal?: AbortSignal): Promise<string>
}
/** For `response_format: json_schema`. */
export interface AnswerSchema {
  readonly name: string
  readonly schema: Readonly<Record<string, unknown>>
}

export interface AskOptions {
  /** the answer's form, enforced by the server where it can */
  readonly schema?: AnswerSchema
  readonly maxTokens: number
  readonly signal?: AbortSignal | undefined
  /** an idempotency key for each request, where it may be billed */
  readonly nextKey?: (() => string) | undefined
}

export interface Caption {
  readonly text: string
  /** a shorter one, where the model has it */
  readonly short?: string
  /** names of what it located, without confidence, where the model does that too */
  readonly objects?: readonly string[]
  readonly model: string
  readonly usage: Usage
}

export interface Captioner {
  /** null: inside this machine's process */
  readonly host: string | null
  /** @throws ProviderFailure */
  caption(jpeg: Uint8Array, options: Pick<AskOptions, 'signal' | 'nextKey'>): Promise<Caption>
  /** As of a chat. */
  checkPresence(signal?: AbortSignal): Promise<string>
}
