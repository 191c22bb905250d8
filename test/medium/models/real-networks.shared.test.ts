/** @file Trained networks as a user brings them along: a tagger, a detector, and face packs. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boxOverlap } from '../../../src/domain/geometry.ts'
import { NoModel } from '../../../src/models/model-set.ts'
import type { FaceFinder } from '../../../src/models/ports/capability.ts'
import { openFacePack } from '../../../src/models/providers/onnx-faces/open-face-pack.ts'
import { FACES } from '../../../src/models/providers/onnx-faces/tuning.ts'
import { BUILT_IN, createModels } from '../../../src/models/registry.ts'
import { openModelLibrary } from '../../support/model-library.ts'
import { openTestPicture } from '../../support/picture.ts'
import { groupPath } from '../../support/pictures.ts'
import { writeFacePack, writeMobileNet, writeYolo } from '../../support/real-networks.ts'
import { dataPath, noData, noModels } from '../../support/shared.ts'

const library = openModelLibrary()
const found = async <T>(get: Promise<T | NoModel>): Promise<T> => {
  const model = await get
  if (model instanceof NoModel) throw new Error(model.reason.code)
  return model
}
/** From left to right. */
const see = async (finder: FaceFinder, group: 1 | 3) =>
  (await finder.findFaces(await openTestPicture(groupPath(group)))).sort((a, b) => a.box.x - b.box.x)

describe.skipIf(noModels || noData)('real networks', () => {
  it('MobileNet says what a photo shows, YOLO where; the detector takes the place of the built-in one', async () => {
    const service = await library.create()
    await service.importFolder(await writeMobileNet(join(library.root, 'mobilenet')))
    await service.importFolder(await writeYolo(join(library.root, 'yolo')))
    await service.choose('tag', { active: 'mobilenet' })
    await service.choose('detect', { active: 'yolo' })
    const [tag, detect] = [service.chosen('tag'), service.chosen('detect')]
    if (tag.kind !== 'installed' || detect.kind !== 'installed') throw new Error('not installed')
    await using models = createModels({ device: 'cpu', embedding: null, chosen: { ...BUILT_IN, tag, detect } })
    const tagger = await found(models.get('tag'))
    const otter = await tagger.tagPicture(await openTestPicture(dataPath('classified-photos', 'n02444819_otter.JPEG')))
    expect(otter.map((one) => one.tag)).toContain('otter')
    const finder = await found(models.get('find-objects'))
    expect(finder.info.id).toMatch(/^onnx\/yolo@/)
    // 457 × 640: upright in a letterbox, so a box that is not laid back would lie too far left
    const things = await finder.findObjects(await openTestPicture(dataPath('labelled-photos/images', '000000101787.jpg')))
    expect(things).toEqual([expect.objectContaining({ label: 'airplane' })])
    expect(boxOverlap(things[0]!.box, { x: 0.4, y: 0.44, width: 0.09, height: 0.05 })).toBeGreaterThan(0.5)
  })
})

describe.skipIf(noModels)('real face packs', () => {
  it.each(['scrfd', 'yunet'] as const)('%s finds the faces of groups, and ArcFace keeps people apart', async (detector) => {
    const folder = await writeFacePack(join(library.root, detector), detector)
    await using finder = await (await openFacePack(folder, { device: 'cpu' })).open()
    const [first, third] = [await see(finder, 1), await see(finder, 3)]
    expect([first.length, third.length]).toEqual([3, 3])
    const distances = (from: number) =>
      third.map(({ vector }) => 1 - first[from]!.vector.reduce((sum, value, at) => sum + value * vector[at]!, 0))
    for (const other of [...distances(0), ...distances(1)]) expect(other).toBeGreaterThan(FACES.samePersonBelow)
    // she stands at the right of the first photo and in the middle of the third; by YuNet's points she is not known again
    if (detector === 'scrfd') expect(distances(2).map((distance) => distance < FACES.samePersonBelow)).toEqual([false, true, false])
  })
})
