/** @file Face packs go through the same installs as embedding models: chosen, refused by the file's name, never silently replaced. */
import { rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NoModel } from '../../../src/models/model-set.ts'
import { BUILT_IN, createModels } from '../../../src/models/registry.ts'
import { writeFiles } from '../../support/embedding-folder.ts'
import { fixedScrfd, meanRecogniser, RECOGNISED_WIDTH, writeSmallFacePack } from '../../support/face-pack.ts'
import { openModelLibrary, stateOf } from '../../support/model-library.ts'
import { openTestPicture } from '../../support/picture.ts'
import { photoPath } from '../../support/pictures.ts'

const library = openModelLibrary()

describe('face packs', () => {
  it('is installed, chosen, and given back to the built-in finder; its files gone, faces wait and say why', async () => {
    const service = await library.create()
    expect(await stateOf(service, 'own-faces')).toMatchObject({ state: 'active', task: null })
    await service.importFolder(await writeSmallFacePack(join(library.root, 'scrfd')))
    expect(await service.show('scrfd')).toMatchObject({
      task: 'faces',
      capabilities: ['find-faces'],
      width: RECOGNISED_WIDTH,
      state: 'installed',
    })
    await service.choose('faces', { active: 'scrfd' })
    const chosen = service.chosen('faces')
    expect(chosen).toMatchObject({ kind: 'installed', info: { id: expect.stringMatching(/^onnx\/scrfd@[0-9a-f]{8}$/) } })
    expect((await service.show('scrfd')).state).toBe('active')
    await expect(service.remove('scrfd')).rejects.toMatchObject({ code: 'conflict' })
    expect(library.changes).toHaveLength(1)
    await rm(join(library.modelDir, 'scrfd'), { recursive: true })
    const later = await library.create()
    expect(later.chosen('faces')).toMatchObject({ kind: 'missing', reason: expect.stringContaining('models pull scrfd') })
    await using models = createModels({ device: 'cpu', embedding: null, chosen: { ...BUILT_IN, faces: { missing: 'gone' } } })
    expect(await models.get('find-faces')).toBeInstanceOf(NoModel)
    await later.choose('faces', { active: null })
    expect(later.chosen('faces')).toEqual({ kind: 'built-in' })
  })

  it('finds a face where its detector says, and tells it by what its recogniser says of it', async () => {
    const folder = await writeSmallFacePack(join(library.root, 'small'))
    await using models = createModels({ device: 'cpu', embedding: null, chosen: { ...BUILT_IN, faces: { folder } } })
    const finder = await models.get('find-faces')
    if (finder instanceof NoModel) throw new Error(finder.reason.code)
    const find = async (name: 'boats' | 'leaf') => (await finder.findFaces(await openTestPicture(photoPath(name))))[0]!
    // 960 × 600 was seen in the top left corner of a square: y goes further, as far as the picture
    const face = await find('boats')
    for (const [side, wanted] of Object.entries({ x: 0.25, width: 0.5, y: 0.25 * 1.6, height: 1 - 0.25 * 1.6 }))
      expect(face.box[side as keyof typeof face.box], side).toBeCloseTo(wanted, 1)
    expect(face.confidence).toBeCloseTo(0.9, 5)
    expect(face.vector).toHaveLength(RECOGNISED_WIDTH)
    const [same, other] = [await find('boats'), await find('leaf')]
    expect(same.vector).toEqual(face.vector)
    expect(other.vector).not.toEqual(face.vector)
  })

  it('a poisoned pack is refused by the name of its file, at the install and at the load', async () => {
    const service = await library.create()
    const refusal = async (name: string, change: (folder: string) => Promise<void>) => {
      const folder = await writeSmallFacePack(join(library.root, name))
      await change(folder)
      return service.importFolder(folder).then(
        () => 'installed',
        (error: Error) => error.message,
      )
    }
    const recogniser = 'recognition/model.onnx'
    const nan = meanRecogniser(Array(3 * RECOGNISED_WIDTH).fill(Number.NaN))
    expect(await refusal('cut', (folder) => truncate(join(folder, 'detection/model.onnx'), 100))).toMatch(
      /detection\/model\.onnx cannot be loaded/,
    )
    expect(await refusal('swapped', (folder) => writeFile(join(folder, 'detection/model.onnx'), meanRecogniser()))).toMatch(
      /detection\/model\.onnx is neither SCRFD/,
    )
    expect(await refusal('nan', (folder) => writeFile(join(folder, recogniser), nan))).toMatch(/recognition\/model\.onnx/)
    expect(await refusal('gone', (folder) => rm(join(folder, recogniser)))).toMatch(/recognition\/model\.onnx is missing/)
    // the same at the load, where the analyser meets a file that was exchanged under it: named, and not loaded again for every photo
    const folder = await writeSmallFacePack(join(library.root, 'exchanged'))
    await truncate(join(folder, recogniser), 100)
    await using models = createModels({ device: 'cpu', embedding: null, chosen: { ...BUILT_IN, faces: { folder } } })
    const first = await models.get('find-faces').catch((error: unknown) => error)
    expect(String(first)).toMatch(/recognition\/model\.onnx cannot be loaded/)
    expect(await models.get('find-faces').catch((error: unknown) => error)).toBe(first)
  })

  it('reads the archive of InsightFace as it is unpacked', async () => {
    const folder = join(library.root, 'unpacked')
    await writeFiles(folder, { 'det_500m.onnx': fixedScrfd(), 'w600k_mbf.onnx': meanRecogniser(), 'genderage.onnx': 'not used' })
    const service = await library.create()
    expect(await service.importFolder(folder)).toMatchObject({ task: 'faces', width: RECOGNISED_WIDTH })
  })
})
