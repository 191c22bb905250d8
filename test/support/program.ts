/** @file The program as a black box: started as a user starts it, in a data folder of its own, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const START_MS = 60_000

export interface Program extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  readonly dataDir: string
  /** all it printed so far, both streams */
  output(): string
  /** Ends it with a signal and waits. @returns exit code, or the signal that ended it */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

export interface ProgramOptions {
  readonly args?: readonly string[]
  /** kept when given, so that a test can start the program again on it */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
}

export const makeDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'fototeca-e2e-'))

/** Spawns `node src/main.ts …args` without waiting for anything. */
export function spawnProgram(args: readonly string[], dataDir: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [join(root, 'src/main.ts'), ...args], {
    cwd: root,
    env: { ...process.env, FOTOTECA_DATA: dataDir, FOTOTECA_PORT: '0', FOTOTECA_MODEL_DOWNLOAD: 'never', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts `serve` and waits until it answers. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const dataDir = options.dataDir ?? (await makeDataDir())
  const child = spawnProgram(['serve', ...(options.args ?? [])], dataDir, options.env)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const ended = exit.then(([code, signal]) => code ?? signal ?? 0)
  const url = await waitForUrl(dataDir, child, () => output)
  return {
    url,
    pid: child.pid ?? 0,
    dataDir,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      return await ended
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function waitForUrl(dataDir: string, child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the program ended before it answered:\n${output()}`)
    const announced = await readFile(join(dataDir, 'server.json'), 'utf8')
      .then((text) => JSON.parse(text) as { pid: number; url: string | null })
      .catch(() => null)
    if (announced?.url && announced.pid === child.pid) return announced.url
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`the program did not answer within ${START_MS / 1000} s:\n${output()}`)
}

/** Polls a JSON route until `check` is content. */
export async function until<T>(url: string, check: (answer: T) => boolean, timeoutMs = 120_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = (await (await fetch(url)).json()) as T
    if (check(answer)) return answer
    if (Date.now() > deadline) throw new Error(`${url} still answers ${JSON.stringify(answer).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
