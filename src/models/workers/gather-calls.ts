/** @file Calls of one model gathered into runs: what is asked while a run is on its way goes into the next one, up to a size. */

/** @returns one answer per input, in their order */
export type Run<In, Out> = (inputs: readonly In[]) => Promise<readonly Out[]>

interface Waiting<In, Out> {
  readonly input: In
  readonly signal: AbortSignal | undefined
  readonly resolve: (value: Out) => void
  readonly reject: (error: unknown) => void
}

/**
 * Nothing is held back to fill a run: an idle model begins at once.
 * A run of several that fails is done again one by one, so that a picture the model cannot take fails alone.
 * @param size inputs per run at most; 1: each by itself
 */
export function gatherCalls<In, Out>(size: number, run: Run<In, Out>): (input: In, signal?: AbortSignal) => Promise<Out> {
  const waiting: Waiting<In, Out>[] = []
  let isRunning = false

  const runSome = async (some: readonly Waiting<In, Out>[]): Promise<void> => {
    try {
      const answers = await run(some.map(({ input }) => input))
      for (const [at, { resolve, reject }] of some.entries()) {
        const answer = answers[at]
        if (answer === undefined) reject(new Error(`a run of ${some.length} gave ${answers.length} answers`))
        else resolve(answer)
      }
    } catch (error) {
      if (some.length === 1) some[0]?.reject(error)
      else for (const one of some) await runSome([one])
    }
  }

  const work = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      const some: Waiting<In, Out>[] = []
      for (const one of waiting.splice(0, size)) {
        if (one.signal?.aborted) one.reject(one.signal.reason)
        else some.push(one)
      }
      if (some.length > 0) await runSome(some)
    }
    isRunning = false
  }

  return async (input, signal) => {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Out>()
    const onAbort = () => reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    waiting.push({ input, signal, resolve, reject })
    if (!isRunning) void work()
    return promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }
}
