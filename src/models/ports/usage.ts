/** @file What was spent on answers of models: tokens, money, calls. */

/** What a server is said to take; most answer with tokens and no cost. */
export interface Price {
  /** US dollars per million tokens */
  readonly input: number
  readonly output: number
  /** who says so, and when */
  readonly source: string
}

export interface Usage {
  /** null where the server does not tell */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  /** as the server tells, else estimated from tokens and a price; null where neither is known */
  readonly cost: { readonly amount: number; readonly currency: string; readonly isEstimated?: true } | null
  /** requests that reached a model, failed answers included */
  readonly calls: number
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
