/** @file onnxruntime never reports to its vendor: it is told so before it loads, in every process and thread, and there is one place that loads it. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_TELEMETRY } from '../../../src/models/onnx/no-telemetry.ts'

const root = resolve(import.meta.dirname, '../../..')
const DOOR = 'src/models/onnx/onnxruntime.ts'
const OPENS_A_NETWORK = `
  const { openMatrixProduct } = await import('./src/models/onnx/matrix-product.ts')
  const multiply = await openMatrixProduct(2)
  console.log((await multiply(Float32Array.of(1, 2), 1, Float32Array.of(3, 4), 1))[0])`
const OPENS_A_NETWORK_IN_A_THREAD = `
  const { createTagScorer } = await import('./src/models/tagging/tag-scorer.ts')
  await using scorer = createTagScorer({ width: 2, vectors: Float32Array.of(1, 0, 0, 1), cohort: 2 })
  console.log((await scorer.measureUsual(['[1,0]', '[0,1]'], new AbortController().signal)).length)`
const STARTS_A_THREAD_PAST_THE_DOOR = `
  const { Worker } = await import('node:worker_threads')
  const { once } = await import('node:events')
  const worker = new Worker("import('./src/models/onnx/matrix-product.ts')", { eval: true })
  console.log((await once(worker, 'error'))[0].message)`

const folder = await mkdtemp(join(tmpdir(), 'fototeca-telemetry-'))
const home = join(folder, 'home')
const temporary = join(folder, 'tmp')
beforeEach(async () => {
  for (const empty of [home, temporary]) {
    await rm(empty, { recursive: true, force: true })
    await mkdir(empty)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a program as if by a user who never ran anything: onnxruntime reports nothing where it sees a build server (`CI`). */
function run(program: string, env: Record<string, string> = {}): string {
  const { PATH = '' } = process.env
  const { stdout, stderr } = spawnSync(process.execPath, ['--eval', program], {
    cwd: root,
    env: { PATH, HOME: home, TMPDIR: temporary, ...env },
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`.trim()
}

describe('onnxruntime', () => {
  it('still reads the variable that keeps it quiet', async () => {
    const folder = join(root, 'node_modules/onnxruntime-node/bin')
    const libraries = (await readdir(folder, { recursive: true })).filter((path) => path.includes(`${process.platform}/${process.arch}/`))
    expect(libraries.some((path) => readFileSync(join(folder, path)).includes(NO_TELEMETRY))).toBe(true)
  })

  it.each([
    ['in the main thread', OPENS_A_NETWORK, '11', {}],
    ['in a thread of a model', OPENS_A_NETWORK_IN_A_THREAD, '2', {}],
    ['where the environment asks for it', OPENS_A_NETWORK_IN_A_THREAD, '2', { [NO_TELEMETRY]: '0' }],
  ])('leaves nothing in the home or temporary folder: %s', async (_where, program, answer, env) => {
    expect(run(program, env)).toBe(answer)
    expect(await readdir(home, { recursive: true })).toEqual([])
    expect(await readdir(temporary, { recursive: true })).toEqual([])
  })

  it('is not loaded by a thread whose process was not told to be quiet', () => {
    expect(run(STARTS_A_THREAD_PAST_THE_DOOR)).toContain(`${NO_TELEMETRY}=1 must be set before a thread loads onnxruntime`)
  })

  it('is told so in the processes that run these tests', () => {
    expect(process.env[NO_TELEMETRY]).toBe('1')
  })

  it('is loaded by one file', () => {
    const files = ['src', 'test', 'bench', 'eval', 'scripts', 'bin', 'web'].flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name) && !/node_modules|web\/dist/.test(entry.parentPath))
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    const loads = /(?:from|import|require|resolve)\s*\(?\s*['"`]onnxruntime-/
    expect(files.filter((path) => loads.test(readFileSync(join(root, path), 'utf8')))).toEqual([DOOR])
  })
})
