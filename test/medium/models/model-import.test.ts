import { cp, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Picture, Pixels } from '../../../src/media/picture.ts'
import { MANIFEST_NAME } from '../../../src/models/install/install-manifest.ts'
import { openEmbeddingModel } from '../../../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { BUILTIN_INFO } from '../../../src/models/registry.ts'
import { imageTower, writeFiles } from '../../support/embedding-folder.ts'
import { openModelLibrary, smallModel, untilState } from '../../support/model-library.ts'

const library = openModelLibrary()

/** One colour at any size. */
function plainPicture(red: number, green: number, blue: number): Picture {
  const draw = (width: number, height: number): Pixels => {
    const data = new Uint8Array(width * height * 3)
    for (let at = 0; at < data.length; at += 3) data.set([red, green, blue], at)
    return { width, height, channels: 3, data }
  }
  return {
    width: 64,
    height: 64,
    base: draw(64, 64),
    fit: async (side) => draw(side, side),
    exact: async (width, height) => draw(width, height),
  }
}

describe('import and use', () => {
  it('copies a folder that works, uses it when nothing else is in use, and switches between models', async () => {
    const service = await library.create()
    const imported = await service.importFolder(await library.writeModel('mine'))
    expect(imported).toMatchObject({ name: 'mine', state: 'active', width: 3, download_bytes: null })
    expect(await service.importFolder(await library.writeModel('other', 3), 'theirs')).toMatchObject({ name: 'theirs', state: 'installed' })
    const first = service.active()
    const embedder = (await service.textEmbedder())!
    await service.choose('embedding', { active: 'theirs' })
    expect((await service.show('theirs')).state).toBe('active')
    expect(service.active()?.space.name).not.toBe(first?.space.name)
    expect(await service.textEmbedder()).not.toBe(embedder)
    // once more when the other one came: a store may want it
    expect(library.changes.map((active) => active?.info.name)).toEqual(['mine', 'mine', 'theirs'])
    expect((await library.create()).active()?.info.name).toBe('theirs')
    await expect(service.importFolder(join(library.root, 'elsewhere/mine'))).rejects.toMatchObject({ code: 'conflict' })
  })

  it('follows the links of the hub’s own cache, and takes a folder put into place by hand', async () => {
    const real = await library.writeModel('real')
    const linked = join(library.root, 'snapshot')
    await writeFiles(linked, { 'onnx/.keep': '' })
    for (const path of Object.keys(smallModel())) await symlink(join(real, path), join(linked, path))
    const service = await library.create()
    await service.importFolder(linked, 'from-cache')
    await rm(join(library.root, 'elsewhere'), { recursive: true })
    expect((await stat(join(library.modelDir, 'from-cache/onnx/vision_model.onnx'))).isFile()).toBe(true)
    await cp(join(library.modelDir, 'from-cache'), join(library.modelDir, 'by-hand'), { recursive: true })
    await rm(join(library.modelDir, 'by-hand', MANIFEST_NAME))
    expect(await service.importFolder(join(library.modelDir, 'by-hand'))).toMatchObject({ name: 'by-hand', state: 'installed' })
  })

  it('refuses what does not work and leaves nothing behind', async () => {
    const service = await library.create()
    const cut = await library.writeModel('cut')
    await truncate(join(cut, 'onnx/vision_model.onnx'), 50)
    await expect(service.importFolder(cut)).rejects.toMatchObject({
      code: 'model_failed',
      message: expect.stringContaining('vision_model.onnx'),
    })
    const zeros = await library.writeModel('zeros')
    await writeFile(join(zeros, 'onnx/vision_model.onnx'), imageTower({ side: 16, matrix: Array(9).fill(0), width: 3 }).graph)
    await expect(service.importFolder(zeros)).rejects.toThrow(/zeros/)
    await expect(service.importFolder(join(library.root, 'nowhere'))).rejects.toMatchObject({ code: 'bad_request' })
    await expect(service.importFolder(zeros, '../outside')).rejects.toMatchObject({ code: 'bad_request' })
    expect((await readdir(library.modelDir)).filter((name) => !name.startsWith('.'))).toEqual([])
    expect(service.active()).toBeNull()
  })

  it('the active space answers; when its model is gone, the fullest other one whose model is there', async () => {
    const service = await library.create({ recountMs: 0 })
    await service.importFolder(await library.writeModel('old'))
    const old = service.active()!
    expect(await service.servingSpace()).toBeNull()
    expect((await service.textEmbedder())?.info.name).toBe('old') // nothing to search yet, but a query may be encoded
    const photos = await library.addPhotos(20)
    await library.embedPhotos(old, photos)
    await service.importFolder(await library.writeModel('new', 5))
    await service.choose('embedding', { next: 'new' })
    const next = service.next()!
    await library.embedPhotos(next, photos.slice(0, 10))
    expect(await service.servingSpace()).toMatchObject({ name: old.space.name })
    expect((await service.textEmbedder())?.space.name).toBe(old.space.name)
    await service.choose('embedding', { active: 'new', next: null })
    expect(await service.servingSpace()).toMatchObject({ name: next.space.name })
    const embedder = await service.textEmbedder()
    expect(embedder?.space.name).toBe(next.space.name)
    expect(await embedder?.embedText('red')).toHaveLength(3)
    await rm(join(library.modelDir, 'new'), { recursive: true })
    expect(await (await library.create({ recountMs: 0 })).servingSpace()).toMatchObject({ name: old.space.name })
  })

  it('a model damaged on disk is named, not used, and mended by pulling it again', async () => {
    const service = await library.create()
    await service.pull()
    await untilState(service, 'first', 'active')
    await truncate(join(library.modelDir, 'first/onnx/vision_model.onnx'), 10)
    const later = await library.create()
    expect(later.active()).toBeNull()
    expect(later.notice()).toMatch(/damaged \(onnx\/vision_model\.onnx\).*models pull first/)
    await later.pull()
    await untilState(later, 'first', 'active')
  })

  it('files exchanged after the install are found by their digest, also at the same length', async () => {
    const service = await library.create()
    await service.importFolder(await library.writeModel('mine'))
    const file = join(library.modelDir, 'mine/onnx/vision_model.onnx')
    const { size } = await stat(file)
    await writeFile(file, Buffer.alloc(size, 7))
    await utimes(file, new Date(Date.now() + 60_000), new Date(Date.now() + 60_000))
    const later = await library.create()
    expect(later.active()).toBeNull()
    expect((await later.show('mine')).notice).toContain('damaged: onnx/vision_model.onnx')
  })

  it('what the configuration fixes cannot be switched', async () => {
    const service = await library.create({ embeddingModel: 'fixed' })
    await service.importFolder(await library.writeModel('mine'))
    expect(service.active()).toBeNull()
    await expect(service.checkUsable('mine')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('FOTOTECA_EMBEDDING_MODEL'),
    })
    await service.importFolder(await library.writeModel('fixed'))
    expect(service.active()?.info.name).toBe('fixed')
  })

  it('terms that ask for it are accepted first, and the acceptance is kept', async () => {
    const service = await library.create()
    await expect(service.pull('strict')).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('Only for tests.') })
    await expect(service.importFolder(await library.writeModel('strict'))).rejects.toMatchObject({ code: 'forbidden' })
    expect((await service.show('strict')).terms).toBe('Only for tests.')
    await service.importFolder(await library.writeModel('strict'), 'strict', true)
    expect(await service.show('strict')).toMatchObject({ terms: null, state: 'active' })
    expect(JSON.parse(await readFile(join(library.modelDir, 'strict', MANIFEST_NAME), 'utf8')).acceptedAt).toBeTruthy()
  })

  it('an unused model is deleted with its files; what is in use is not; speed is remembered for this computer', async () => {
    const service = await library.create()
    await service.importFolder(await library.writeModel('mine'))
    await service.importFolder(await library.writeModel('other', 3))
    await expect(service.remove('mine')).rejects.toMatchObject({ code: 'conflict' })
    expect(await service.remove('other')).toBeNull()
    expect((await readdir(library.modelDir)).filter((name) => !name.startsWith('.'))).toEqual(['mine'])
    await expect(service.remove('other')).rejects.toMatchObject({ code: 'not_found' })
    const measured = await service.show('mine')
    expect(measured.ms_per_picture).toBeGreaterThan(0)
    expect(measured.threads).toBeGreaterThan(0)
    expect([1, 2, 4, 8, 16, 32, 64]).toContain(measured.batch)
    expect(measured).toMatchObject({ measured_on: 'a trial', note: expect.stringMatching(/^imported from /), notice: null })
    expect(await (await library.create()).show('mine')).toMatchObject({
      ms_per_picture: measured.ms_per_picture,
      threads: measured.threads,
      batch: measured.batch,
    })
  })

  it('runs several pictures together and each as if alone', async () => {
    const service = await library.create()
    await service.importFolder(await library.writeModel('mine', 1, false))
    const folder = service.active()!.folder!
    await using alone = (await openEmbeddingModel(folder, { device: 'cpu' })).image()
    await using together = (await openEmbeddingModel(folder, { device: 'cpu', batch: 4 })).image()
    const pictures = [plainPicture(200, 10, 10), plainPicture(10, 200, 10), plainPicture(10, 10, 200), plainPicture(90, 90, 90)]
    const vectors = await Promise.all(pictures.map((picture) => together.embedImage(picture)))
    expect(await together.isBatched()).toBe(true)
    for (const [at, picture] of pictures.entries()) {
      const own = await alone.embedImage(picture)
      expect(vectors[at]!.length).toBe(own.length)
      for (const [axis, value] of own.entries()) expect(vectors[at]![axis]).toBeCloseTo(value, 5)
    }
  })

  it('what is built in tells the median time of its step over photos of this library', async () => {
    const service = await library.create()
    expect(await service.show('eyes')).toMatchObject({ ms_per_picture: null, measured_on: null })
    const photos = await library.addPhotos(20)
    const row = {
      step: 'ocr' as const,
      lane: 'analyse' as const,
      state: 'done' as const,
      version: 1,
      model_id: BUILTIN_INFO['read-text'].id,
    }
    const rows = photos.map((photo_id, i) => ({ ...row, photo_id, duration_ms: i < 10 ? 100 : 250 }))
    await library.database.db.insertInto('photo_steps').values(rows.slice(1)).execute()
    // few photos tell how long the models took to load
    expect(await service.show('eyes')).toMatchObject({ ms_per_picture: null, measured_on: null })
    await library.database.db.insertInto('photo_steps').values(rows.slice(0, 1)).execute()
    expect(await service.show('eyes')).toMatchObject({ ms_per_picture: 175, measured_on: 'photos', threads: null, batch: null })
    // another model did this step: its time is not told as the built-in one's
    await library.database.db.updateTable('photo_steps').set({ model_id: 'onnx/other@1' }).execute()
    expect(await service.show('eyes')).toMatchObject({ ms_per_picture: null })
  })

  it('says why models run elsewhere than DEVICE asks', async () => {
    const foreign = process.platform === 'darwin' ? 'dml' : 'coreml'
    const service = await library.create({ device: foreign })
    expect(service.deviceNotice()).toContain(`DEVICE=${foreign}`)
    await service.importFolder(await library.writeModel('mine'))
    expect((await service.show('mine')).notice).toBe(service.deviceNotice())
    expect((await library.create()).deviceNotice()).toBeNull()
  })
})

/** Anything that is no usable model is refused by the file's name, before it is installed. */
describe('poisoned embedding models', () => {
  const poison = async (change: (folder: string) => Promise<void>) => {
    const service = await library.create()
    const folder = await library.writeModel('poisoned')
    await change(folder)
    const refusal = await service.importFolder(folder).then(
      () => 'installed',
      (error: Error) => error.message,
    )
    expect(service.active()).toBeNull()
    expect((await readdir(library.modelDir).catch(() => [])).filter((name) => !name.startsWith('.'))).toEqual([])
    return refusal
  }
  const tower = (matrix: readonly number[], width = 3, side = 16) => imageTower({ side, matrix, width }).graph

  it('cut, no numbers, zeros, another width, another size, no model at all', async () => {
    const vision = (graph: Uint8Array) => (folder: string) => writeFile(join(folder, 'onnx/vision_model.onnx'), graph)
    expect(await poison((folder) => truncate(join(folder, 'onnx/vision_model.onnx'), 50))).toMatch(/vision_model\.onnx cannot be loaded/)
    expect(await poison(vision(tower(Array(9).fill(Number.NaN))))).toMatch(/vision_model\.onnx answered with numbers that are not finite/)
    expect(await poison(vision(tower(Array(9).fill(0))))).toMatch(/vision_model\.onnx answered with zeros/)
    expect(await poison(vision(tower(Array(15).fill(1), 5)))).toMatch(
      /text_model_int8\.onnx has no output that is clearly the embedding of 5 numbers/,
    )
    expect(await poison(vision(tower(Array(9).fill(1), 3, 32)))).toMatch(/vision_model\.onnx takes pictures of 32 × 32/)
    expect(await poison(vision(Buffer.from('<html>sign in</html>')))).toMatch(/vision_model\.onnx cannot be loaded/)
    expect(await poison((folder) => rm(join(folder, 'onnx'), { recursive: true }))).toMatch(/holds no onnx\/vision_model/)
  })
})
