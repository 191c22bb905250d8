/** @file The program as a black box: started as a user starts it, in a data folder of its own, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { testFolder } from './test-folder.ts'

const root = resolve(import.meta.dirname, '../..')
/** also while other work has both cores */
const START_MS = 120_000

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
  /** undefined: not there for the program */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** where the program lies; default: this repository */
  readonly root?: string
  /** a program and its arguments that run it, such as a tracer that leaves it its process id */
  readonly under?: readonly string[]
}

/** A data folder as the program leaves it after its first start and stop, where the run made one (test/e2e/prepare.ts); otherwise empty. */
export async function makeDataDir(template = process.env.FOTOTECA_TEST_TEMPLATE): Promise<string> {
  const dataDir = await mkdtemp(join(testFolder(), 'fototeca-e2e-'))
  if (template) cpSync(template, dataDir, { recursive: true })
  return dataDir
}

/** Spawns `node src/main.ts …args` without waiting for anything. */
export function spawnProgram(
  args: readonly string[],
  dataDir: string,
  env: ProgramOptions['env'] = {},
  under: readonly string[] = [],
  home = root,
): ChildProcess {
  const [program = '', ...rest] = [...under, process.execPath, join(home, 'src/main.ts'), ...args]
  return spawn(program, rest, {
    cwd: home,
    env: { ...process.env, FOTOTECA_DATA: dataDir, FOTOTECA_PORT: '0', FOTOTECA_MODEL_DOWNLOAD: 'never', FOTOTECA_MEANING: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts `serve` and waits until it answers. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const dataDir = options.dataDir ?? (await makeDataDir())
  const child = spawnProgram(['serve', ...(options.args ?? [])], dataDir, options.env, options.under, options.root)
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

/** Runs a command to its end. @returns what it printed. @throws with all it said where it fails */
export async function runProgram(args: readonly string[], dataDir: string, env: ProgramOptions['env'] = {}): Promise<string> {
  const child = spawnProgram(args, dataDir, env)
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (chunk: Buffer) => {
      said[stream] += chunk
    })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said.stdout}${said.stderr}`)
  return said.stdout
}

/** @returns the JSON answer. @throws where the status is not 2xx */
export async function askJson<T>(url: string, body?: object, method = body === undefined ? 'GET' : 'POST'): Promise<T> {
  const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return await readJson<T>(await fetch(url, { method, ...json }))
}

export async function upload(url: string, name: string, bytes: Uint8Array): Promise<{ id: number }> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)]), name)
  return await readJson(await fetch(`${url}/upload`, { method: 'POST', body: form }))
}

async function readJson<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Polls a JSON route until `check` is content: counts are kept for half a second, and much is done in the background. */
export async function until<T>(url: string, check: (answer: T) => boolean, timeoutMs = 120_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = (await (await fetch(url)).json()) as T
    if (check(answer)) return answer
    if (Date.now() > deadline) throw new Error(`${url} still answers ${JSON.stringify(answer).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
