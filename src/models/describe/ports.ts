/** @file What the two forms of `describe` need from a provider: a chat, and a captioner. */
import type { Usage } from '../describer.ts'
import type { AnswerSchema } from './answer.ts'

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
}
export interface AskOptions {
  /** the answer's form, enforced by the server where it can */
  readonly schema?: AnswerSchema
  readonly maxTokens: number
  readonly signal?: AbortSignal | undefined
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
  caption(jpeg: Uint8Array, options: { readonly signal?: AbortSignal | undefined }): Promise<Caption>
}

/** What was spent so far; unknown counts stay unknown only while nothing is known. */
export function addUsage(a: Usage | null, b: Usage | null): Usage | null {
  if (a === null || b === null) return a ?? b
  const sum = (x: number | null, y: number | null) => (x === null && y === null ? null : (x ?? 0) + (y ?? 0))
  const cost =
    a.cost && b.cost && a.cost.currency === b.cost.currency
      ? {
          amount: a.cost.amount + b.cost.amount,
          currency: a.cost.currency,
          ...(a.cost.isEstimated || b.cost.isEstimated ? { isEstimated: true as const } : {}),
        }
      : (b.cost ?? a.cost)
  return {
    inputTokens: sum(a.inputTokens, b.inputTokens),
    outputTokens: sum(a.outputTokens, b.outputTokens),
    cost,
    calls: a.calls + b.calls,
  }
}
