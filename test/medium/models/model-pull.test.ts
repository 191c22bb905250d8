import { type ChildProcess, fork } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { readChoices } from '../../../src/models/chosen/model-store.ts'
import { installFromHub } from '../../../src/models/install/install-from-hub.ts'
import { MANIFEST_NAME } from '../../../src/models/install/install-manifest.ts'
import { findDeadUrl } from '../../support/fake-hub.ts'
import { CATALOGUE, FILES, FIRST, openModelLibrary, PACE, smallModel, stateOf, untilState } from '../../support/model-library.ts'

const library = openModelLibrary()

describe('without a model', () => {
  it('says what search by meaning waits for, and what there is to get', async () => {
    const service = await library.create()
    expect(service.active()).toBeNull()
    expect(await service.textEmbedder()).toBeNull()
    expect(service.notice()).toMatch(/waits for a model.*models pull.*first.*models import/)
    expect(service.shortNotice()).toMatch(/^There is no model for search by meaning yet: .*words only/)
    expect(await service.list()).toMatchObject([
      { name: 'first', state: 'not installed', licence: 'MIT', width: 3, progress: null },
      { name: 'listed', state: 'not installed', download_bytes: 5000 },
      { name: 'strict', state: 'not installed', terms: 'Only for tests.' },
      { name: 'eyes', state: 'built-in', download_bytes: null },
      { name: 'own-faces', state: 'active' },
    ])
    await expect(service.checkUsable('first')).rejects.toMatchObject({
      code: 'model_missing',
      message: expect.stringContaining('models pull first'),
    })
    await expect(service.checkUsable('nothing')).rejects.toMatchObject({ code: 'not_found' })
    await expect(service.checkUsable('eyes')).rejects.toMatchObject({ code: 'conflict' })
    await expect(service.pull('nothing')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('first, listed, strict'),
    })
    await expect(service.pull('eyes')).rejects.toMatchObject({ code: 'conflict' })
    expect(library.hub.requests).toHaveLength(0)
  })

  it('does not wait for a download that brings something else', async () => {
    library.hub.misbehave = () => ({ kind: 'stall', after: 0 })
    const service = await library.create({ catalogue: [...CATALOGUE, { ...FIRST, name: 'other-faces', task: 'faces' }] })
    expect(await service.pull('other-faces')).toMatchObject({ state: 'downloading' })
    expect(service.notice()).toMatch(/get one with .*models pull/)
    expect(service.shortNotice()).toMatch(/^There is no model/)
    await service.pull('first')
    expect(service.notice()).toMatch(/first is being downloaded/)
    expect(service.shortNotice()).toMatch(/is being downloaded: until then/)
  })

  it('never means never', async () => {
    const service = await library.create({ download: 'never' })
    service.startAutoDownload()
    await expect(service.pull()).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('models import') })
    expect(library.hub.requests).toHaveLength(0)
  })
})

/** The first 100 bytes of the pictures' tower are on the disk. */
const untilHalf = () => {
  const part = join(library.modelDir, '.incoming/first/onnx/vision_model.onnx.part')
  return vi.waitFor(async () => expect((await stat(part)).size).toBe(100), { timeout: 120_000, interval: 20 })
}

describe('pull', () => {
  it('downloads, records, tries and uses the first model; the record is written last and holds every digest', async () => {
    const service = await library.create()
    const started = await service.pull()
    expect(started).toMatchObject({ name: 'first', state: 'downloading' })
    await untilState(service, 'first', 'active')
    const manifest = JSON.parse(await readFile(join(library.modelDir, 'first', MANIFEST_NAME), 'utf8'))
    expect(manifest).toMatchObject({
      name: 'first',
      width: 3,
      licence: 'MIT',
      source: { repo: 'owner/first', commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
    })
    expect(manifest.files).toHaveLength(6)
    expect(manifest.files.map(({ path }: { path: string }) => path)).toContain('onnx/text_model_int8.onnx')
    expect(service.active()?.space).toMatchObject({ width: 3, hasText: true })
    expect(library.changes.map((active) => active?.info.name)).toEqual(['first'])
    expect(service.notice()).toBeNull()
    // every file of one commit
    expect(
      library.hub.requests
        .filter(({ method, path }) => method === 'GET' && path.includes('/resolve/'))
        .every(({ path }) => !path.includes('/main/')),
    ).toBe(true)
    expect((await service.pull('first')).state).toBe('active')
  })

  it('encodes queries, and a repeated one without the model', async () => {
    const service = await library.create()
    await service.pull()
    await untilState(service, 'first', 'active')
    const embedder = (await service.textEmbedder())!
    const first = await embedder.embedText('red')
    expect(await embedder.embedText('red')).toBe(first)
    expect(await service.textEmbedder()).toBe(embedder)
    expect(embedder.space.name).toBe(service.active()?.space.name)
  })

  it('lists the repository where the names of its files are unknown, page by page', async () => {
    const service = await library.create()
    await service.pull('listed')
    await untilState(service, 'listed', 'active')
    expect(await readdir(join(library.modelDir, 'listed/onnx'))).toEqual(['text_model_int8.onnx', 'vision_model.onnx'])
    expect(library.hub.requests.filter(({ path }) => path.startsWith('/api/models/'))).toHaveLength(3)
    // nothing was in use, so what was asked for is; the choice is kept
    expect(await readChoices(library.database.db, 'embedding')).toMatchObject({ active: 'listed' })
    const again = await library.create()
    expect(again.active()?.info).toEqual(service.active()?.info)
  })

  it('is safe from two services at once: one download', async () => {
    const [one, two] = [await library.create(), await library.create()]
    await Promise.all([one.pull(), two.pull(), one.pull()])
    await Promise.all([untilState(one, 'first', 'active'), untilState(two, 'first', 'active')])
    const total = Object.values(smallModel()).reduce((sum, data) => sum + data.length, 0)
    expect(library.hub.sent()).toBe(total)
    expect(await readdir(library.modelDir)).toEqual(['.incoming', '.pins', 'first'])
  })

  it('is safe from two processes at once, and from one that is killed: the next continues its bytes', async () => {
    const start = () =>
      fork(join(import.meta.dirname, '../../support/install-process.ts'), [
        // a silent server must not end the process that is to be killed
        JSON.stringify({ row: FIRST, hub: library.hub.url, modelDir: library.modelDir, pace: { ...PACE, stallMs: 60_000 } }),
      ])
    const codeOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))
    const vision = 'owner/first/onnx/vision_model.onnx'
    library.hub.misbehave = ({ path, count }) => (path === vision && count === 1 ? { kind: 'stall', after: 100 } : null)
    const killed = start()
    await untilHalf()
    killed.kill('SIGKILL')
    expect(await Promise.all([start(), start()].map(codeOf))).toEqual([0, 0])
    expect(await readdir(library.modelDir)).toEqual(['.incoming', '.pins', 'first'])
    const asked = library.hub.requests.filter(({ method, path }) => method === 'GET' && path === `storage:${vision}`)
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=100-'])
  })

  it('continues after a stop in the middle', async () => {
    library.hub.misbehave = ({ path }) => (path.endsWith('vision_model.onnx') ? { kind: 'stall', after: 100 } : null)
    const stopped = await library.create()
    await stopped.pull()
    await untilHalf()
    await stopped[Symbol.asyncDispose]()
    expect(await readdir(library.modelDir)).toEqual(['.incoming'])
    library.hub.misbehave = null
    const service = await library.create()
    await service.pull()
    await untilState(service, 'first', 'active')
  })

  it('wrong bytes and error pages are refused with the reason; pulling again mends it', async () => {
    library.hub.misbehave = ({ path }) => (path.endsWith('vision_model.onnx') ? { kind: 'wrong' } : null)
    const service = await library.create()
    await service.pull()
    await vi.waitFor(async () => expect((await stateOf(service, 'first'))?.notice).toContain('other bytes than it promises'), {
      timeout: 120_000,
    })
    expect((await stateOf(service, 'first'))?.state).toBe('not installed')
    library.hub.misbehave = null
    const config = library.hub.files.get('owner/first/config.json')!
    library.hub.files.set('owner/first/config.json', Buffer.from('<html>Please sign in to this wireless network</html>'))
    await service.pull()
    await vi.waitFor(async () => expect((await stateOf(service, 'first'))?.notice).toMatch(/config\.json is not valid JSON/), {
      timeout: 120_000,
    })
    library.hub.files.set('owner/first/config.json', config)
    await service.pull()
    await untilState(service, 'first', 'active')
  })

  it('refuses weights that are no longer those this version knows, before downloading them', async () => {
    const files = FILES.map((file) => (file.path.includes('vision') ? { ...file, sha256: 'e'.repeat(64) } : file))
    const other = { ...FIRST, files }
    await expect(
      installFromHub(other, {
        hub: library.hub.url,
        modelDir: library.modelDir,
        device: 'cpu',
        pace: PACE,
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({
      code: 'checksum_mismatch',
      message: expect.stringContaining('update fototeca'),
    })
    expect(library.hub.sent()).toBe(0)
  })

  it('says before the download that there is no room', async () => {
    library.hub.promised.set('owner/first/onnx/vision_model.onnx', 1e15)
    await expect(
      installFromHub(FIRST, {
        hub: library.hub.url,
        modelDir: library.modelDir,
        device: 'cpu',
        pace: PACE,
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/has .* free, this model needs 1000000/),
    })
    expect(library.hub.sent()).toBe(0)
  })
})

describe('automatic download', () => {
  it('tries again by itself until the hub is there, and says so meanwhile', async () => {
    let isUp = false
    library.hub.misbehave = () => (isUp ? null : { kind: 'status', status: 503 })
    const service = await library.create({ download: 'auto' })
    service.startAutoDownload()
    await vi.waitFor(
      () => expect(service.notice()).toMatch(/waits for a model: the model hub cannot be reached.*Next try at \d\d:\d\d UTC/),
      { timeout: 120_000 },
    )
    isUp = true
    await untilState(service, 'first', 'active')
    expect(service.notice()).toBeNull()
  })

  it('a hub that is not there stops nothing', async () => {
    const service = await library.create({ download: 'auto', hub: await findDeadUrl(), retryMs: [60_000] })
    service.startAutoDownload()
    await vi.waitFor(() => expect(service.notice()).toMatch(/cannot be reached/), { timeout: 120_000 })
    await vi.waitFor(() => expect(service.shortNotice()).toMatch(/could not be downloaded.*words only/), { timeout: 120_000 })
    expect((await stateOf(service, 'first'))?.state).toBe('not installed')
  })

  it('leaves alone what another model already does', async () => {
    const service = await library.create()
    await service.pull('listed')
    await untilState(service, 'listed', 'active')
    const before = library.hub.requests.length
    const auto = await library.create({ download: 'auto' })
    auto.startAutoDownload()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(library.hub.requests).toHaveLength(before)
  })
})
