/** @file What calls to a server may spend in a day, and whether one more call fits. Pure. */

export interface Spent {
  readonly calls: number
  readonly tokens: number
  /** in the provider’s currency */
  readonly cost: number
}

export interface DayBudget {
  readonly tokensPerDay: number | null
  readonly costPerDay: number | null
}

/** Means over recent calls; null while nothing is known. */
export interface CallMeans {
  readonly tokens: number | null
  readonly cost: number | null
}

/** Ten times 0.1 is a little less than 1: what was added up is compared with this much room, as a share. */
const ROUNDING = 1e-9

/** @param open calls whose price is not known yet; they count as means. @returns why no call may begin, null when one may */
export function findSpent(budget: DayBudget, spent: Spent, means: CallMeans, open: number): string | null {
  const over = (used: number, mean: number | null, limit: number | null) =>
    limit !== null && (used >= limit * (1 - ROUNDING) || used + (mean ?? 0) * (open + 1) > limit * (1 + ROUNDING))
  if (over(spent.tokens, means.tokens, budget.tokensPerDay))
    return `the budget of ${budget.tokensPerDay} tokens a day is spent (${spent.tokens} used)`
  if (over(spent.cost, means.cost, budget.costPerDay))
    return `the budget of ${budget.costPerDay} a day is spent (${spent.cost.toFixed(4)} used)`
  return null
}

/** `YYYY-MM-DD`; days are UTC, as most providers bill. */
export const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10)

/** When the next day begins. */
export const endOfDay = (nowMs: number): number => (Math.floor(nowMs / 86_400_000) + 1) * 86_400_000
