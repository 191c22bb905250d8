/** @file A model is the files that were meant: those its catalogue row pins, else those that were first downloaded here. */
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DownloadableModel } from '../../../src/models/catalogue/catalogue-row.ts'
import { installFromHub } from '../../../src/models/install/install-from-hub.ts'
import { sha256 } from '../../support/fake-hub.ts'
import { FILES, FIRST, openModelLibrary, PACE, smallModel, stateOf, untilState } from '../../support/model-library.ts'

const library = openModelLibrary()
const CONFIG = 'owner/first/config.json'
const VISION = 'owner/first/onnx/vision_model.onnx'
const MOVED = 'fedcba9876543210fedcba9876543210fedcba98'

const install = (row: DownloadableModel = FIRST, isChangeAccepted = false) =>
  installFromHub(row, {
    hub: library.hub.url,
    modelDir: library.modelDir,
    device: 'cpu',
    pace: PACE,
    signal: new AbortController().signal,
    isChangeAccepted,
  })
const remove = () => rm(join(library.modelDir, 'first'), { recursive: true })
/** still a model, of other bytes */
const changeConfig = () => library.hub.files.set(CONFIG, Buffer.concat([Buffer.from('\n'), library.hub.files.get(CONFIG)!]))
const changeVision = () => library.hub.files.set(VISION, Buffer.from(smallModel(7)['onnx/vision_model.onnx']!))
const installed = async () => (await readdir(library.modelDir)).includes('first')
const pathsAsked = () => library.hub.requests.map(({ path }) => path)

describe('a model whose files this version does not know', () => {
  beforeEach(async () => {
    await install()
    await remove()
  })

  it('is downloaded again by the commit of the first time, whatever the branch stands for', async () => {
    library.hub.requests.length = 0
    await install()
    expect(await installed()).toBe(true)
    expect(pathsAsked().some((path) => path.includes('/main/'))).toBe(false)
  })

  it('is taken under another commit, where the hub dropped the first and every file is the same', async () => {
    library.hub.commit = MOVED
    const { model } = await install()
    expect(model.manifest.source).toMatchObject({ commit: MOVED })
  })

  it.each([
    ['a large file, before it is downloaded', changeVision, 'onnx/vision_model.onnx'],
    ['a small one, of which the hub promises no digest', changeConfig, 'config.json'],
  ])('is refused where the hub has another file now: %s; a person may accept it', async (_what, change, path) => {
    change()
    library.hub.commit = MOVED
    await expect(install()).rejects.toMatchObject({
      code: 'changed',
      message: expect.stringMatching(
        new RegExp(`${path} is another file now than the one first downloaded here on 20\\d\\d-.*models pull first --accept-changed`),
      ),
    })
    expect(await installed()).toBe(false)
    // and again: what was refused is not remembered
    await expect(install()).rejects.toMatchObject({ code: 'changed' })
    await install(FIRST, true)
    await remove()
    // what was accepted is what is remembered from then on
    await install()
    expect(await installed()).toBe(true)
  })

  it('is refused where a mirror sends other bytes under the same commit', async () => {
    changeConfig()
    await expect(install()).rejects.toMatchObject({ code: 'changed' })
  })

  it('does not forget it by a record that cannot be read', async () => {
    await writeFile(join(library.modelDir, '.pins/first.json'), '{')
    await expect(install()).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/first\.json says what was first/) })
  })

  it('is refused too where a file went missing under it and the hub has changed', async () => {
    await install()
    // installed by a version that kept no record beside the model
    await rm(join(library.modelDir, '.pins'), { recursive: true })
    await rm(join(library.modelDir, 'first/config.json'))
    changeConfig()
    await expect(install()).rejects.toMatchObject({ code: 'changed' })
  })
})

describe('a model whose files this version knows', () => {
  const digestOf = (path: string) => sha256(smallModel()[path.replace('text_model_quantized', 'text_model_int8')]!)
  const files = FILES.map((file) => ({ ...file, sha256: digestOf(file.path) }))
  const pinned = (): DownloadableModel => ({ ...FIRST, commit: library.hub.commit, files })

  it('is asked for by its commit alone, and a change is refused even if a person would accept it', async () => {
    const row = pinned()
    await install(row)
    expect(pathsAsked().some((path) => path.includes('/main/'))).toBe(false)
    await remove()
    changeConfig()
    for (const accepted of [false, true])
      await expect(install(row, accepted)).rejects.toMatchObject({
        code: 'checksum_mismatch',
        message: expect.stringMatching(/config\.json is another file now than the one this version of fototeca knows/),
      })
  })

  it('is found under another commit where the hub dropped the pinned one, by the digests of all its files', async () => {
    const row = pinned()
    library.hub.commit = MOVED
    expect((await install(row)).model.manifest.source).toMatchObject({ commit: MOVED })
    await remove()
    const partly = { ...row, name: 'partly', files: files.map((file) => (file.path === 'config.json' ? { ...file, sha256: null } : file)) }
    await expect(install(partly)).rejects.toMatchObject({
      code: 'changed',
      message: expect.stringMatching(
        /no longer has owner\/first as it is pinned \(commit 0123456789ab….*whether its config\.json is still the same/,
      ),
    })
    await install(partly, true)
  })

  it('is not taken from a mirror that sends another commit than it is asked for, unless every file is known', async () => {
    const row = pinned()
    library.hub.commit = MOVED
    library.hub.ignoresRevisions = true
    const partly = { ...row, files: files.map((file) => (file.path === 'config.json' ? { ...file, sha256: null } : file)) }
    await expect(install(partly)).rejects.toMatchObject({ code: 'changed' })
    await install(row)
  })
})

it('is said where models are chosen, and a change is accepted there', async () => {
  const service = await library.create()
  const pinOf = async () => (await stateOf(service, 'listed'))?.pin
  expect(await pinOf()).toMatchObject({ state: 'not yet', commit: null, changed: false })
  await service.pull('first')
  await untilState(service, 'first', 'active')
  await service.pull('listed')
  await untilState(service, 'listed', 'installed')
  expect(await pinOf()).toMatchObject({ state: 'remembered', commit: library.hub.commit, changed: false })
  await service.remove('listed')
  library.hub.files.set('owner/listed/config.json', Buffer.from(`${library.hub.files.get('owner/listed/config.json')}\n`))
  await service.pull('listed')
  await expect.poll(pinOf).toMatchObject({ state: 'remembered', changed: true })
  expect((await stateOf(service, 'listed'))?.notice).toContain('models pull listed --accept-changed')
  await service.pull('listed', { isChangeAccepted: true })
  await untilState(service, 'listed', 'installed')
  expect(await pinOf()).toMatchObject({ changed: false })
})
