/** @file Face packs go through the same installs as embedding models: chosen, refused by the file's name, never silently replaced. */
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NoModel } from '../../../src/models/model-set.ts'
import { BUILT_IN, createModels } from '../../../src/models/registry.ts'
import { imageTower } from '../../support/embedding-folder.ts'
import { writeFacePack } from '../../support/face-pack.ts'
import { openModelLibrary, stateOf } from '../../support/model-library.ts'
import { modelPath, noModels } from '../../support/shared.ts'

const library = openModelLibrary()

describe.skipIf(noModels)('face packs', () => {
  it('is installed, chosen, and given back to the built-in finder; its files gone, faces wait and say why', async () => {
    const service = await library.create()
    expect(await stateOf(service, 'own-faces')).toMatchObject({ state: 'active', task: null })
    await service.importFolder(await writeFacePack(join(library.root, 'scrfd'), 'scrfd'))
    expect(await service.show('scrfd')).toMatchObject({ task: 'faces', capabilities: ['find-faces'], width: 512, state: 'installed' })
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

  it('a poisoned pack is refused by the name of its file, at the install and at the load', async () => {
    const service = await library.create()
    const refusal = async (name: string, change: (folder: string) => Promise<void>) => {
      const folder = await writeFacePack(join(library.root, name), 'scrfd')
      await change(folder)
      return service.importFolder(folder).then(
        () => 'installed',
        (error: Error) => error.message,
      )
    }
    const recogniser = 'recognition/model.onnx'
    const embedder = await readFile(modelPath('face-embedding-arcface-mbf-int8.onnx'))
    const nan = imageTower({ side: 112, matrix: Array(96).fill(Number.NaN), width: 32, output: 'embedding' }).graph
    expect(await refusal('cut', (folder) => truncate(join(folder, 'detection/model.onnx'), 1000))).toMatch(
      /detection\/model\.onnx cannot be loaded/,
    )
    expect(await refusal('swapped', (folder) => writeFile(join(folder, 'detection/model.onnx'), embedder))).toMatch(
      /detection\/model\.onnx is neither SCRFD/,
    )
    expect(await refusal('nan', (folder) => writeFile(join(folder, recogniser), nan))).toMatch(/recognition\/model\.onnx/)
    expect(await refusal('gone', (folder) => rm(join(folder, recogniser)))).toMatch(/recognition\/model\.onnx is missing/)
    // the same at the load, where the analyser meets a file that was exchanged under it: named, and not loaded again for every photo
    const folder = await writeFacePack(join(library.root, 'exchanged'), 'scrfd')
    await truncate(join(folder, recogniser), 500)
    await using models = createModels({ device: 'cpu', embedding: null, chosen: { ...BUILT_IN, faces: { folder } } })
    const first = await models.get('find-faces').catch((error: unknown) => error)
    expect(String(first)).toMatch(/recognition\/model\.onnx cannot be loaded/)
    expect(await models.get('find-faces').catch((error: unknown) => error)).toBe(first)
  })

  it('reads the archive of InsightFace as it is unpacked', async () => {
    const folder = join(library.root, 'unpacked')
    await mkdir(folder)
    await writeFile(join(folder, 'det_500m.onnx'), await readFile(modelPath('face-detection-scrfd-2.5g.onnx')))
    await writeFile(join(folder, 'w600k_mbf.onnx'), await readFile(modelPath('face-embedding-arcface-mbf-int8.onnx')))
    await writeFile(join(folder, 'genderage.onnx'), 'not used')
    const service = await library.create()
    expect(await service.importFolder(folder)).toMatchObject({ task: 'faces', width: 512 })
  })
})
