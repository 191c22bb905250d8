/** @file Runs a TypeScript module as its own process, for tests that kill one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface TestChild {
  readonly process: ChildProcess
  /** lines it printed so far */
  readonly lines: string[]
  /** waits until a line for which `test` holds was printed */
  waitFor(test: (line: string) => boolean): Promise<string>
  /** SIGKILL, then waits for the end */
  kill(): Promise<void>
  ended: Promise<number | null>
}

/** @param options.preload a module that is loaded before, in every thread */
export function startChild(
  file: string,
  args: readonly string[],
  options: { readonly preload?: string; readonly env?: Readonly<Record<string, string>> } = {},
): TestChild {
  const preload = options.preload === undefined ? [] : ['--import', options.preload]
  const child = spawn(process.execPath, [...preload, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  const lines: string[] = []
  const errors: string[] = []
  const waiting = new Set<{ test: (line: string) => boolean; resolve: (line: string) => void; reject: (error: Error) => void }>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const wait of [...waiting]) {
      if (!wait.test(line)) continue
      waiting.delete(wait)
      wait.resolve(line)
    }
  })
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line))
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      for (const wait of waiting) wait.reject(new Error(`the process ended (${code}) first:\n${errors.join('\n')}`))
      resolve(code)
    })
  })
  return {
    process: child,
    lines,
    ended,
    waitFor: (test) =>
      new Promise((resolve, reject) => {
        const seen = lines.find(test)
        if (seen !== undefined) resolve(seen)
        else if (child.exitCode !== null) reject(new Error(`the process had ended (${child.exitCode}):\n${errors.join('\n')}`))
        else waiting.add({ test, resolve, reject })
      }),
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
