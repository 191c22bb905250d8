/** @file What a run may spend on scenes, what one costs, and whether one more fits. Pure. */

export interface RunBudget {
  /** null: any number */
  readonly scenes: number | null
  readonly tokens: number | null
  /** in the maker’s currency */
  readonly cost: number | null
}

export interface RunSpent {
  readonly scenes: number
  readonly tokens: number
  readonly cost: number
}

/** Of one scene; null while nothing is known. */
export interface SceneMeans {
  readonly tokens: number | null
  readonly cost: number | null
}

/**
 * A budget that cannot be counted stops after its first scene: it would hold nothing back.
 * @returns why no scene may be asked for; null when one may
 */
export function findRunSpent(budget: RunBudget, spent: RunSpent, means: SceneMeans): string | null {
  if (budget.scenes !== null && spent.scenes >= budget.scenes)
    return `the run’s budget of ${budget.scenes} scenes is spent; raise it to go on`
  for (const [kind, what] of [
    ['tokens', 'tokens'],
    ['cost', 'money'],
  ] as const) {
    const [most, used, mean] = [budget[kind], spent[kind], means[kind]]
    if (most === null) continue
    if (spent.scenes > 0 && used === 0 && mean === null)
      return `the maker does not tell what a scene takes in ${what}, so that budget cannot be kept; give a number of scenes instead`
    if (used >= most || used + (mean ?? 0) > most)
      return (
        `the run’s budget of ${most} ${kind === 'tokens' ? 'tokens' : 'in money'} does not hold another ` +
        `scene (${round(used)} used${mean === null ? '' : `, about ${round(mean)} each`}); raise it to go on`
      )
  }
  return null
}

const round = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(4))
