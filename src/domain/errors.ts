/**
 * @file The kinds of error a person may meet: code → HTTP status and whether trying again can help.
 * The sentence is a message of the catalogue (ADR 81); one that has no code yet is given as text. Each edge (HTTP, CLI, ledger) maps them once.
 */
import { type Message, render, textMessage } from '../contract/messages/message.ts'

const CATALOGUE = {
  bad_request: { status: 400, retryable: false },
  unauthorized: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  wrong_method: { status: 405, retryable: false },
  conflict: { status: 409, retryable: false },
  /** a folder that does not hold the files it should; may be taken all the same */
  wrong_folder: { status: 409, retryable: false },
  /** the stored bytes of an original are not those that came in */
  damaged_file: { status: 409, retryable: false },
  changed: { status: 412, retryable: false },
  too_large: { status: 413, retryable: false },
  not_a_picture: { status: 415, retryable: false },
  unsupported_format: { status: 415, retryable: false },
  outside_range: { status: 416, retryable: false },
  unreadable_picture: { status: 422, retryable: false },
  invalid: { status: 422, retryable: false },
  too_many: { status: 429, retryable: true },
  model_missing: { status: 409, retryable: true },
  /** a text model that has a list of words, and none of the text’s among them */
  unknown_words: { status: 422, retryable: false },
  model_failed: { status: 502, retryable: true },
  hub_unreachable: { status: 502, retryable: true },
  checksum_mismatch: { status: 502, retryable: true },
  timed_out: { status: 504, retryable: true },
  disk_full: { status: 507, retryable: true },
  unavailable: { status: 503, retryable: true },
  config: { status: 500, retryable: false },
  data_folder_in_use: { status: 409, retryable: true },
  internal: { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>

export type ErrorCode = keyof typeof CATALOGUE

/** An error of a known kind, with a message for a person. */
export class FototecaError extends Error {
  readonly code: ErrorCode
  /** what is told: `message` is its sentence in English, for the log */
  readonly said: Message
  /** seconds after which trying again makes sense, where that is known */
  readonly retryAfter: number | undefined
  constructor(code: ErrorCode, said: Message | string, options?: { cause?: unknown; retryAfter?: number }) {
    super(typeof said === 'string' ? said : render(said), options)
    this.said = typeof said === 'string' ? textMessage(said) : said
    this.name = 'FototecaError'
    this.code = code
    this.retryAfter = options?.retryAfter
  }
  get status(): number {
    return CATALOGUE[this.code].status
  }
  get retryable(): boolean {
    return CATALOGUE[this.code].retryable
  }
}

/** What to store, or to tell a person, of any thrown value. */
export const messageOf = (error: unknown): Message => (error instanceof FototecaError ? error.said : textMessage(describeError(error)))

/** One readable line for any thrown value, without a stack. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return error.message || error.name
  return String(error)
}
