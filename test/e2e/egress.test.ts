/**
 * @file The real program contacts nobody it does not name and leaves nothing outside its data folder: as the kernel sees it, in a home and a
 * temporary folder nobody ever wrote to. Its compiled code in node_modules/.cache is in the program's own folder, and is run, so not among data.
 */
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DescribeReport, TextEmbeddingReport } from '../../src/contract/describe.ts'
import type { Generation } from '../../src/contract/generate.ts'
import type { CatalogueModel, Health, Progress } from '../../src/contract/library.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { startFakeHub } from '../support/fake-hub.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { drawProductPng } from '../support/generation.ts'
import { drawnPath } from '../support/pictures.ts'
import { askJson, makeDataDir, spawnProgram, startProgram, until, upload } from '../support/program.ts'
import { isWhole, readTrace, type Trace, tracer, whyNoTrace } from '../support/trace.ts'

const root = resolve(import.meta.dirname, '../..')
const COMPILED = join(root, 'node_modules/.cache/fototeca')
const FACE_AND_THINGS = join(root, 'node_modules/@vladmandic/face-api/demo/sample1.jpg')
const reason = whyNoTrace()
if (reason !== null) console.warn(`${reason}: nothing says here that no data leaves unseen`)

let folder: string
let dataDir: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fototeca-egress-'))
  dataDir = await makeDataDir()
  for (const name of ['home', 'tmp', 'photos']) await mkdir(join(folder, name))
})
afterEach(async () => {
  for (const path of [folder, dataDir]) await rm(path, { recursive: true, force: true, maxRetries: 5 })
})

const traceFile = (name: string) => join(folder, `${name}.trace`)
/** As on the computer of a user: onnxruntime reports nothing where it sees a build server, and these tests' own process is told to be quiet. */
const asUser = (env: Record<string, string> = {}): Record<string, string | undefined> => ({
  HOME: join(folder, 'home'),
  TMPDIR: join(folder, 'tmp'),
  XDG_CACHE_HOME: undefined,
  ...Object.fromEntries(
    ['CI', 'GITHUB_ACTIONS', 'TF_BUILD', 'GITLAB_CI', 'JENKINS_URL', 'ORT_DISABLE_TELEMETRY'].map((name) => [name, undefined]),
  ),
  ...env,
})

/** Once every process of the program has ended; checks what holds in every mode. */
async function seen(name: string): Promise<Trace> {
  await expect.poll(() => isWhole(traceFile(name)), { interval: 200 }).toBe(true)
  const trace = await readTrace(traceFile(name))
  const isAllowed = (path: string) => [dataDir, join(folder, 'tmp'), COMPILED].some((top) => path === top || path.startsWith(`${top}/`))
  expect(trace.written.filter((path) => !isAllowed(path))).toEqual([])
  // the watch works: whatever the mode, the database is written
  expect(trace.written.some((path) => path.startsWith(dataDir))).toBe(true)
  expect(trace.listened.filter((address) => !/^(127\.|\[::1\])/.test(address))).toEqual([])
  expect(await readdir(join(folder, 'home'), { recursive: true })).toEqual([])
  expect(await readdir(join(folder, 'tmp'), { recursive: true })).toEqual([])
  return trace
}

async function writePhotos(): Promise<void> {
  await copyFile(FACE_AND_THINGS, join(folder, 'photos', 'people.jpg'))
  await copyFile(drawnPath('page-notice'), join(folder, 'photos', 'notice.jpg'))
}

const analysed = (url: string) =>
  until<Progress>(`${url}/api/progress`, (now) => now.photos > 0 && now.due === 0 && now.scanning.length === 0, 300_000)

describe.skipIf(reason !== null)('egress', () => {
  it('the watch sees a leak: a module that is loaded along and reports home', async () => {
    const leak = join(folder, 'leak.mjs')
    await writeFile(leak, "await fetch('http://127.0.0.2:4999/').catch(() => {})\n")
    const child = spawnProgram(['status'], dataDir, asUser({ NODE_OPTIONS: `--import=${leak}` }), tracer(traceFile('leak')))
    for (const stream of [child.stdout, child.stderr]) stream?.resume()
    await once(child, 'close')
    expect((await seen('leak')).contacted).toEqual(['127.0.0.2:4999'])
  }, 600_000)

  it('serve: photos go through every built-in model, and nobody is contacted', async () => {
    await writePhotos()
    const program = await startProgram({ dataDir, args: [join(folder, 'photos')], env: asUser(), under: tracer(traceFile('serve')) })
    await using _program = program
    expect(await analysed(program.url)).toMatchObject({ failed: 0, partial: 0 })
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${program.url}/api/photos`)
    const details = await Promise.all(photos.map(({ id }) => askJson<PhotoDetail>(`${program.url}/api/photos/${id}`)))
    expect(details.flatMap(({ faces }) => faces).length).toBeGreaterThan(0)
    expect(details.flatMap(({ tags }) => tags).length).toBeGreaterThan(0)
    await until<{ hits: unknown[] }>(`${program.url}/api/search?q=umbrellas`, ({ hits }) => hits.length === 1)
    const health = await askJson<Health>(`${program.url}/health`)
    expect(health).toMatchObject({ leaves: 'Nothing leaves this machine.', contacts: [] })
    expect(await program.stop()).toBe(0)
    expect((await seen('serve')).contacted).toEqual([])
  }, 600_000)

  it('the command line, without a server: nobody is contacted', async () => {
    await writePhotos()
    for (const [name, ...args] of [
      ['import', 'import', join(folder, 'photos', 'people.jpg')],
      ['search', 'search', 'person', '--json'],
      ['status', 'status'],
      ['doctor', 'doctor'],
    ] as const) {
      const child = spawnProgram(args, dataDir, asUser(), tracer(traceFile(name)))
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk))
      expect(await once(child, 'close'), said).toEqual([0, null])
      expect((await seen(name)).contacted, name).toEqual([])
    }
  }, 600_000)

  it('with providers: exactly the servers that /health names', async () => {
    await using describer = await startFakeProvider()
    await using texts = await startFakeProvider()
    await using maker = await startFakeProvider()
    await using router = await startFakeProvider()
    const env = asUser({
      FOTOTECA_DESCRIBE: 'own=vision',
      FOTOTECA_DESCRIBE_URL: describer.openaiUrl,
      FOTOTECA_TEXT_EMBEDDING: 'words',
      FOTOTECA_TEXT_EMBEDDING_URL: texts.openaiUrl,
      FOTOTECA_GENERATE: 'own=scenes',
      FOTOTECA_GENERATE_URL: maker.openaiUrl,
      // set, but of presets that are not chosen: not to be contacted
      FOTOTECA_HUGGINGFACE_URL: router.url,
      FOTOTECA_HUGGINGFACE_KEY: 'hf_key_of_nobody',
      FOTOTECA_OPENAI_URL: router.openaiUrl,
      FOTOTECA_OPENAI_KEY: 'sk-key-of-nobody',
    })
    const program = await startProgram({ dataDir, env, under: tracer(traceFile('providers')) })
    await using _program = program
    const { id } = await upload(program.url, 'hoop.png', await drawProductPng())
    await until<DescribeReport>(`${program.url}/api/describe`, (now) => now.described.current === 1)
    await until<TextEmbeddingReport>(`${program.url}/api/text-embedding`, (now) => now.embedded === 1)
    const order = { photos: [id], product_type: 'earring', num_images: 1, image_types: [4], height: null, width: null, shadow: 'none' }
    const run = await askJson<Generation>(`${program.url}/api/products/generations`, order)
    await until<Generation>(`${program.url}/api/products/generations/${run.id}`, (now) => now.state !== 'running')
    await analysed(program.url)
    const { contacts } = await askJson<Health>(`${program.url}/health`)
    expect(await program.stop()).toBe(0)
    const hosts = [describer, texts, maker].map(({ url }) => new URL(url).host).sort()
    expect(contacts.map(({ host }) => host).sort()).toEqual(hosts)
    expect([...(await seen('providers')).contacted].sort()).toEqual(hosts)
    expect(router.calls).toEqual([])
  }, 600_000)

  it('with Hugging Face: the router alone', async () => {
    await using router = await startFakeProvider()
    const env = asUser({
      FOTOTECA_DESCRIBE: 'blip+qwen',
      FOTOTECA_GENERATE: 'flux.1-schnell',
      FOTOTECA_HUGGINGFACE_URL: router.url,
      FOTOTECA_HUGGINGFACE_KEY: 'hf_key_of_nobody',
    })
    const program = await startProgram({ dataDir, env, under: tracer(traceFile('router')) })
    await using _program = program
    await upload(program.url, 'hoop.png', await drawProductPng())
    await until<DescribeReport>(`${program.url}/api/describe`, (now) => now.described.current === 1 || now.today.failures > 0)
    await analysed(program.url)
    const { contacts } = await askJson<Health>(`${program.url}/health`)
    expect(await program.stop()).toBe(0)
    const { host } = new URL(router.url)
    expect(new Set(contacts.map((contact) => contact.host))).toEqual(new Set([host]))
    expect((await seen('router')).contacted).toEqual([host])
  }, 600_000)

  it('a download of models: the hub alone', async () => {
    await using hub = await startFakeHub({
      'immich-app/buffalo_s/detection/model.onnx': Buffer.from('no model'),
      'immich-app/buffalo_s/recognition/model.onnx': Buffer.from('no model'),
    })
    const env = asUser({ FOTOTECA_MODEL_DOWNLOAD: 'ask', FOTOTECA_MODEL_HUB: hub.url })
    const program = await startProgram({ dataDir, env, under: tracer(traceFile('hub')) })
    await using _program = program
    await askJson(`${program.url}/api/models/pull`, { name: 'buffalo_s', accept_licence: true })
    await until<{ models: CatalogueModel[] }>(`${program.url}/api/models`, ({ models }) =>
      models.some(({ name, state, notice }) => name === 'buffalo_s' && state === 'not installed' && notice !== null),
    )
    const { contacts } = await askJson<Health>(`${program.url}/health`)
    expect(await program.stop()).toBe(0)
    const { host } = new URL(hub.url)
    expect(contacts.map((contact) => contact.host)).toEqual([host])
    expect((await seen('hub')).contacted).toEqual([host])
  }, 600_000)
})
