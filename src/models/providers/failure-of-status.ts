/** @file What a model server's error answer means: status, and the few fields that servers agree on. */
import { z } from 'zod'
import { type FailureKind, ProviderFailure } from './provider-failure.ts'
import { type ProviderAnswer, showUrl } from './provider-request.ts'

const Text = z.union([z.string(), z.number()]).transform(String).nullish().catch(null)
/** Gemini says here, not in a header, how long to wait: `{"@type": "…RetryInfo", "retryDelay": "34s"}` */
const Details = z
  .array(z.object({ retryDelay: Text }))
  .nullish()
  .catch(null)
/** `{error: {message, code, type}}` (OpenAI and kin), `{error: "…", estimated_time}` (Hugging Face), `{detail}`, `{message}` */
const ErrorBody = z.object({
  error: z
    .union([z.object({ message: Text, code: Text, type: Text, status: Text, details: Details }), z.string()])
    .nullish()
    .catch(null),
  message: Text,
  detail: Text,
  estimated_time: z.number().nullish().catch(null),
})

/** What the server says is wrong, for matching; empty when it says nothing readable. */
export function readErrorText(answer: ProviderAnswer): { code: string; text: string; waitMs: number | null } {
  let body: unknown
  try {
    body = JSON.parse(answer.bytes.toString('utf8'))
  } catch {
    return { code: '', text: '', waitMs: null }
  }
  const parsed = ErrorBody.safeParse(Array.isArray(body) ? body[0] : body) // Gemini wraps its error in a list
  if (!parsed.success) return { code: '', text: '', waitMs: null }
  const { error, message, detail, estimated_time } = parsed.data
  const inner = typeof error === 'string' ? { message: error, code: null, type: null, status: null, details: null } : error
  const delay = /^(\d+(?:\.\d+)?)s$/.exec(inner?.details?.find((detail) => detail.retryDelay)?.retryDelay ?? '')?.[1]
  const waitS = typeof estimated_time === 'number' ? Math.max(0, estimated_time) : delay === undefined ? null : Number(delay)
  return {
    code: [inner?.code, inner?.type, inner?.status].filter(Boolean).join(' '),
    text: inner?.message ?? message ?? detail ?? '',
    waitMs: waitS === null ? null : waitS * 1000,
  }
}

/** @param status the answer's, or the one that an error inside a 200 names */
export function failureOfStatus(answer: ProviderAnswer, url: URL, status = answer.status): ProviderFailure {
  const { code, text, waitMs } = readErrorText(answer)
  const kind = kindOf(status, `${code} ${text}`)
  const retryAfterMs = answer.retryAfterMs ?? waitMs
  // servers quote a part of the key when they refuse it
  const said = kind === 'unauthorised' ? '' : quote(text)
  return new ProviderFailure(kind, `the server at ${showUrl(url)} answers ${status}${said}${ADVICE[kind] ?? ''}`, { retryAfterMs })
}

const ADVICE: Partial<Record<FailureKind, string>> = {
  unauthorised: ': the key is missing, wrong, or may not use this model. Set it (FOTOTECA_…_KEY or FOTOTECA_…_KEY_FILE) and start again',
  'out-of-credit': '; the account needs credit or a larger quota',
}

function kindOf(status: number, said: string): FailureKind {
  if (status === 401 || status === 403) return 'unauthorised'
  if (status === 402 || /insufficient_quota|billing_hard_limit/i.test(said)) return 'out-of-credit'
  if (status === 429) return 'rate-limited'
  if (status === 408 || status === 504 || status === 524) return 'timeout'
  if (status === 413 || /context_length_exceeded|maximum context length|too large|too many tokens/i.test(said)) return 'too-large'
  if (status >= 500) return 'unavailable'
  if (/content.?(policy|filter|management)|safety|moderation/i.test(said)) return 'refused'
  if (/\bimage\b/i.test(said) && !/not support|no image|does not accept|text.only/i.test(said)) return 'bad-picture'
  return 'misconfigured'
}

const KEY_LIKE = /\b(?:sk|hf|pk|AIza|gsk|xai)[-_]?[\w*.-]{8,}/g

function quote(text: string): string {
  const plain = text
    .replace(KEY_LIKE, '(key)')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
  return plain === '' ? '' : `: ${plain.length > 300 ? `${plain.slice(0, 299)}…` : plain}`
}
