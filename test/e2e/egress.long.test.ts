/**
 * @file The real program contacts nobody it does not name and leaves nothing outside its data folder: as the kernel sees it, in a home and a
 * temporary folder nobody ever wrote to. Its compiled code and converted networks in node_modules/.cache are the program's own, not data.
 * Every server it may contact listens on a loopback address of its own here, so that the address says whom it was.
 */
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ComparisonReport, DescribeReport, TextEmbeddingReport } from '../../src/contract/describe.ts'
import type { Generation } from '../../src/contract/generate.ts'
import type { CatalogueModel, Health, Progress } from '../../src/contract/library.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { countAttempts, inClosedNetwork, whyNoClosedNetwork } from '../support/closed-network.ts'
import { startFakeHub } from '../support/fake-hub.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { drawProductPng } from '../support/generation.ts'
import { drawnPath } from '../support/pictures.ts'
import { type NewD, sendForm } from '../support/products.ts'
import { askJson, makeDataDir, spawnProgram, startProgram, until, upload } from '../support/program.ts'
import { S3_ENVIRONMENT, startS3Server } from '../support/s3-server.ts'
import { isWhole, readTrace, type Trace, tracer, whyNoTrace } from '../support/trace.ts'

const root = resolve(import.meta.dirname, '../..')
const COMPILED = join(root, 'node_modules/.cache/fototeca')
const FACE_AND_THINGS = join(root, 'node_modules/@vladmandic/face-api/demo/sample1.jpg')
const unseen = whyNoTrace()
const open = unseen === null ? null : whyNoClosedNetwork()
if (unseen !== null)
  console.warn(
    open === null
      ? `${unseen}: what the command line contacts is counted in a closed network, and nothing says what the server contacts and writes`
      : `${unseen}, and ${open}: nothing says here that no data leaves unseen`,
  )

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

/** Once every process of the program has ended; checks what holds in every mode. @param target where it was told to write */
async function seen(name: string, target = dataDir): Promise<Trace> {
  await expect.poll(() => isWhole(traceFile(name)), { interval: 200 }).toBe(true)
  const trace = await readTrace(traceFile(name))
  const isAllowed = (path: string) =>
    [dataDir, target, join(folder, 'tmp'), COMPILED].some((top) => path === top || path.startsWith(`${top}/`))
  expect(trace.written.filter((path) => !isAllowed(path))).toEqual([])
  expect(trace.listened.filter((address) => !/^(127\.|\[::1\])/.test(address))).toEqual([])
  expect(await readdir(join(folder, 'home'), { recursive: true })).toEqual([])
  expect(await readdir(join(folder, 'tmp'), { recursive: true })).toEqual([])
  return trace
}

/** A command of a user; `under` a tracer that writes its file, or another watch. @returns what it printed */
async function run(args: readonly string[], under: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawnProgram(args, dataDir, asUser(env), under)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk))
  expect(await once(child, 'close'), said).toEqual([0, null])
  return said
}

async function writeLeak(address: string): Promise<Record<string, string>> {
  const leak = join(folder, 'leak.mjs')
  await writeFile(leak, `await fetch('${address}').catch(() => {})\n`)
  return { NODE_OPTIONS: `--import=${leak}` }
}

const analysed = (url: string) =>
  until<Progress>(`${url}/api/progress`, (now) => now.photos > 0 && now.due === 0 && now.scanning.length === 0, 300_000)

const hostOf = ({ url }: { readonly url: string }) => new URL(url).host
const contactsOf = async (url: string) => (await askJson<Health>(`${url}/health`)).contacts.map(({ host }) => host)
const ORDER = { product_type: 'earring', num_images: 1, image_types: [4], height: null, width: null, shadow: 'none' }

/** A scene around the product, made by whatever makes scenes. */
async function makeScene(url: string, photo: number): Promise<void> {
  const { id } = await askJson<Generation>(`${url}/api/products/generations`, { photos: [photo], ...ORDER })
  await until<Generation>(`${url}/api/products/generations/${id}`, (now) => now.state !== 'running')
}

describe.skipIf(unseen !== null)('egress', { meta: { needs: 'strace, and the right to trace' } }, () => {
  it('the watch sees a leak: a module that is loaded along and reports home', async () => {
    await run(['--version'], tracer(traceFile('leak')), await writeLeak('http://127.0.0.2:4999/'))
    expect((await seen('leak')).contacted).toEqual(['127.0.0.2:4999'])
  }, 600_000)

  it('nothing configured: photos go through every built-in model, by commands and by the server, and nobody is contacted', async () => {
    await copyFile(FACE_AND_THINGS, join(folder, 'people.jpg'))
    await copyFile(drawnPath('page-notice'), join(folder, 'photos', 'notice.jpg'))
    for (const [name, ...args] of [['import', join(folder, 'people.jpg')], ['doctor']] as const) {
      await run([name, ...args], tracer(traceFile(name)))
      const { contacted, written } = await seen(name)
      expect(contacted, name).toEqual([])
      // the watch works: whatever the mode, the database is written
      expect(written.some((path) => path.startsWith(dataDir))).toBe(true)
    }

    const program = await startProgram({ dataDir, args: [join(folder, 'photos')], env: asUser(), under: tracer(traceFile('serve')) })
    await using _program = program
    await until<Progress>(`${program.url}/api/progress`, ({ photos }) => photos === 2)
    expect(await analysed(program.url)).toMatchObject({ failed: 0, partial: 0 })
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${program.url}/api/photos`)
    const details = await Promise.all(photos.map(({ id }) => askJson<PhotoDetail>(`${program.url}/api/photos/${id}`)))
    expect(details.flatMap(({ faces }) => faces).length).toBeGreaterThan(0)
    expect(details.flatMap(({ tags }) => tags).length).toBeGreaterThan(0)
    await until<{ hits: unknown[] }>(`${program.url}/api/search?q=umbrellas`, ({ hits }) => hits.length === 1)
    const health = await askJson<Health>(`${program.url}/health`)
    expect(health).toMatchObject({ leaves: 'Nothing leaves this machine.', contacts: [] })
    // beside a server the commands ask it, and nobody else
    const backup = join(folder, 'backup')
    for (const [name, ...args] of [['verify'], ['backup', backup]] as const) {
      await run([name, ...args], tracer(traceFile(name)))
      expect((await seen(name)).contacted, name).toEqual([hostOf(program)])
    }
    expect(await program.stop()).toBe(0)
    expect((await seen('serve', backup)).contacted).toEqual([])
  }, 600_000)

  it('everything configured: exactly the servers that /health names, and those that a request names', { timeout: 600_000 }, async () => {
    const providers = Array.from({ length: 9 }, (_, at) => startFakeProvider(`127.0.0.${at + 2}`))
    await using stack = new AsyncDisposableStack()
    const [describer, texts, maker, openai, gemini, router, ollama, captions, words] = (await Promise.all(providers)).map((each) =>
      stack.use(each),
    ) as unknown as [
      FakeProvider,
      FakeProvider,
      FakeProvider,
      FakeProvider,
      FakeProvider,
      FakeProvider,
      FakeProvider,
      FakeProvider,
      FakeProvider,
    ]
    await using elsewhere = await startFakeProvider('127.0.0.21')
    await using bucket = await startS3Server(['pictures'], '127.0.0.22')
    const noModel = Buffer.from('no model')
    await using hub = await startFakeHub(
      { 'immich-app/buffalo_s/detection/model.onnx': noModel, 'immich-app/buffalo_s/recognition/model.onnx': noModel },
      { host: '127.0.0.23' },
    )
    const env = asUser({
      FOTOTECA_DESCRIBE: 'own=vision',
      FOTOTECA_DESCRIBE_URL: describer.openaiUrl,
      FOTOTECA_TEXT_EMBEDDING: 'words',
      FOTOTECA_TEXT_EMBEDDING_URL: texts.openaiUrl,
      FOTOTECA_GENERATE: 'own=scenes',
      FOTOTECA_GENERATE_URL: maker.openaiUrl,
      FOTOTECA_MODEL_DOWNLOAD: 'ask',
      FOTOTECA_MODEL_HUB: hub.url,
      FOTOTECA_STORES: JSON.stringify({ alya: { bucket: 'pictures', endpoint: bucket.url, path_style: true } }),
      ...S3_ENVIRONMENT,
      // set, but of presets that are not chosen: contacted only where a request names one
      FOTOTECA_OPENAI_URL: openai.openaiUrl,
      FOTOTECA_OPENAI_KEY: 'sk-key-of-nobody',
      FOTOTECA_GEMINI_URL: gemini.openaiUrl,
      FOTOTECA_GEMINI_KEY: 'gemini-key-of-nobody',
      FOTOTECA_HUGGINGFACE_URL: router.url,
      FOTOTECA_HUGGINGFACE_KEY: 'hf_key_of_nobody',
      FOTOTECA_OLLAMA_URL: ollama.openaiUrl,
      FOTOTECA_BLIP_ENDPOINT: captions.captionUrl,
      FOTOTECA_PHI35_ENDPOINT: words.openaiUrl,
      // allowed, and yet never fetched from: no public address
      FOTOTECA_FETCH_FROM: elsewhere.url,
    })
    const program = await startProgram({ dataDir, env, under: tracer(traceFile('providers')) })
    await using _program = program
    const { url } = program
    const { id } = await upload(url, 'hoop.png', await drawProductPng())
    await until<DescribeReport>(`${url}/api/describe`, (now) => now.described.current === 1)
    await until<TextEmbeddingReport>(`${url}/api/text-embedding`, (now) => now.embedded === 1)
    await makeScene(url, id)
    const product = await drawProductPng('pendant')
    expect(await sendForm<NewD>(`${url}/image_similarity_search`, product, 'pendant.png', { before: { website: 'alya' } })).toMatchObject({
      status: 200,
    })
    await askJson(`${url}/api/models/pull`, { name: 'buffalo_s', accept_licence: true })
    await until<{ models: CatalogueModel[] }>(`${url}/api/models`, ({ models }) =>
      models.some(({ name, state, notice }) => name === 'buffalo_s' && state === 'not installed' && notice !== null),
    )
    const from = JSON.stringify({ s3_urls: `${elsewhere.url}/ring.jpg`, product_type: 'ring', num_images: 1 })
    const refused = await fetch(`${url}/generate-images`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: from })
    expect(refused.status).toBe(403)
    await analysed(url)
    const named = await contactsOf(url)
    expect([...named].sort()).toEqual([describer, texts, maker, hub, bucket].map(hostOf).sort())
    const others = [openai, gemini, router, ollama, captions, words]
    expect(others.flatMap(({ calls }) => calls)).toEqual([])

    for (const [left, right] of [
      ['gpt', 'gemini-2.0-flash'],
      ['qwen3-vl-8b', 'ollama-moondream'],
      ['blip2+phi3.5', 'own=vision'],
    ]) {
      const { id: comparison } = await askJson<ComparisonReport>(`${url}/api/comparisons`, { left, right, photos: 1 })
      await until<ComparisonReport>(`${url}/api/comparisons/${comparison}`, ({ state }) => state === 'done')
    }
    expect(await contactsOf(url)).toEqual(named)
    expect(await program.stop()).toBe(0)
    const { contacted } = await seen('providers')
    // in the order of their first contact: whom only a request names comes after
    expect([...contacted.slice(0, named.length)].sort()).toEqual([...named].sort())
    expect([...contacted.slice(named.length)].sort()).toEqual(others.map(hostOf).sort())
  })

  it('with Hugging Face: the router alone', { timeout: 600_000 }, async () => {
    await using router = await startFakeProvider('127.0.0.2')
    const env = asUser({
      FOTOTECA_DESCRIBE: 'blip+qwen',
      FOTOTECA_GENERATE: 'flux.1-schnell',
      FOTOTECA_HUGGINGFACE_URL: router.url,
      FOTOTECA_HUGGINGFACE_KEY: 'hf_key_of_nobody',
    })
    const program = await startProgram({ dataDir, env, under: tracer(traceFile('router')) })
    await using _program = program
    const { id } = await upload(program.url, 'hoop.png', await drawProductPng())
    await until<DescribeReport>(`${program.url}/api/describe`, (now) => now.described.current === 1)
    await makeScene(program.url, id)
    const contacts = await contactsOf(program.url)
    expect(await program.stop()).toBe(0)
    expect(new Set(contacts)).toEqual(new Set([hostOf(router)]))
    expect((await seen('router')).contacted).toEqual([hostOf(router)])
    expect(new Set(router.calls.map(({ path }) => path))).toHaveLength(3)
  })
})

// where nothing can be traced: less is seen, but nothing can leave
const describeClosed = open === null ? describe : describe.skip
if (unseen !== null)
  describeClosed('egress from a closed network', { meta: { needs: 'unshare, ip, and the right to a network of its own' } }, () => {
    it('the watch sees a leak: a module that is loaded along and reports home, by address or by name', async () => {
      for (const address of ['http://192.0.2.1:4999/', 'http://home.example/']) {
        const counted = join(folder, 'counted')
        await run(['--version'], inClosedNetwork(counted), await writeLeak(address))
        expect(await countAttempts(counted), address).toBeGreaterThan(0)
      }
    }, 600_000)

    it('photos go through every built-in model by commands, and nothing is sent anywhere', async () => {
      await copyFile(FACE_AND_THINGS, join(folder, 'photos', 'people.jpg'))
      await copyFile(drawnPath('page-notice'), join(folder, 'photos', 'notice.jpg'))
      for (const args of [['import', join(folder, 'photos')], ['doctor'], ['search', 'umbrellas']]) {
        const counted = join(folder, 'counted')
        await run(args, inClosedNetwork(counted))
        expect(await countAttempts(counted), args[0]).toBe(0)
      }
      for (const name of ['home', 'tmp']) expect(await readdir(join(folder, name), { recursive: true })).toEqual([])
    }, 600_000)
  })
