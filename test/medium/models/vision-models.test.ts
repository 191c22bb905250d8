/** @file Taggers and detectors that a user brings along: installed by their manifest, chosen, refused by the name of what is wrong. */
import { readFileSync, truncateSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boxOverlap } from '../../../src/domain/geometry.ts'
import { readStartingTags } from '../../../src/lexicon/starting-tags.ts'
import { CATALOGUE } from '../../../src/models/catalogue/catalogue.ts'
import { describeDFine, describeRfDetr } from '../../../src/models/catalogue/detectors.ts'
import { describeRamPlus } from '../../../src/models/catalogue/ram-plus.ts'
import { NoModel } from '../../../src/models/model-set.ts'
import { BUILT_IN, createModels } from '../../../src/models/registry.ts'
import { openModelLibrary } from '../../support/model-library.ts'
import { pictureOf } from '../../support/picture.ts'
import { fixedAnswers, fixedDetector, meanTagger, writeVisionFolder } from '../../support/vision-folder.ts'

const library = openModelLibrary()
const plain = (red: number, green: number, blue: number) =>
  pictureOf({ width: 60, height: 40, channels: 3, data: Uint8Array.from({ length: 60 * 40 * 3 }, (_, at) => [red, green, blue][at % 3]!) })
const openWith = (chosen: Partial<typeof BUILT_IN>) => createModels({ device: 'cpu', embedding: null, chosen: { ...BUILT_IN, ...chosen } })
const found = async <T>(get: Promise<T | NoModel>): Promise<T> => {
  const model = await get
  if (model instanceof NoModel) throw new Error(model.reason.code)
  return model
}

describe('a tagger of the user', () => {
  const manifest = {
    format: 1,
    task: 'tag',
    input: { width: 32, height: 24, layout: 'NCHW', channels: 'BGR', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    output: { kind: 'logits' },
    labels: ['blue', 'green', 'red', ''],
    threshold: { '*': 0.6, green: 0.9 },
  }
  /** the graph takes height and width that are alike; this one is 24 */
  const square = { ...manifest, input: { ...manifest.input, width: 24 } }
  const graph = meanTagger(24, 4, Float32Array.of(1, 0, 0, 9, 0, 1, 0, 9, 0, 0, 1, 9))

  it('is imported, chosen, and says its labels by its own thresholds; a changed manifest is another model', async () => {
    const service = await library.create()
    await service.importFolder(writeVisionFolder(join(library.root, 'colours'), square, { 'model.onnx': graph }))
    expect(await service.show('colours')).toMatchObject({ task: 'tag', capabilities: ['tag'], width: null, state: 'installed' })
    await service.choose('tag', { active: 'colours' })
    const chosen = service.chosen('tag')
    if (chosen.kind !== 'installed') throw new Error(chosen.kind)
    await using models = openWith({ tag: chosen })
    const tagger = await found(models.get('tag'))
    // planes in the order blue, green, red, −1 to 1: a logit of 1 is .73
    expect(await tagger.tagPicture(plain(255, 255, 0))).toEqual([{ tag: 'red', confidence: expect.closeTo(0.731, 3) }])
    expect(await tagger.tagPicture(plain(0, 0, 255))).toEqual([{ tag: 'blue', confidence: expect.closeTo(0.731, 3) }])

    await service.importFolder(writeVisionFolder(join(library.root, 'stricter'), { ...square, threshold: 0.8 }, { 'model.onnx': graph }))
    expect(service.folderOf('stricter')).toMatchObject({ task: 'tag' })
    await service.choose('tag', { active: 'stricter' })
    const other = service.chosen('tag')
    expect(other.kind === 'installed' && other.info.version).not.toBe(chosen.info.version)
    await service.choose('tag', { active: null })
    expect(service.chosen('tag')).toEqual({ kind: 'built-in' })
    await using none = openWith({})
    expect(await none.get('tag')).toBeInstanceOf(NoModel)
  })

  it('is refused by the name of the file and the field', async () => {
    const service = await library.create()
    let count = 0
    const refusal = async (own: object, files: Record<string, Uint8Array | string>, after?: (folder: string) => void) => {
      const folder = writeVisionFolder(join(library.root, `poisoned-${count++}`), own, files)
      after?.(folder)
      return service.importFolder(folder).then(
        () => 'installed',
        (error: Error) => error.message,
      )
    }
    const model = { 'model.onnx': graph }
    const nan = meanTagger(24, 4, new Float32Array(12).fill(Number.NaN))
    expect(await refusal({ ...square, output: { kind: 'guess' } }, model)).toMatch(/manifest\.json cannot be used: output\.kind/)
    expect(await refusal({ ...square, labels: '../../secret' }, model)).toMatch(/labels: .*inside the folder/)
    expect(await refusal({ ...square, threshold: { purple: 0.5 } }, model)).toMatch(/threshold names labels that are not there: purple/)
    expect(await refusal({ ...square, threshold: 'limits.txt' }, { ...model, 'limits.txt': '0.5\nmany\n' })).toMatch(
      /limits\.txt must hold 4 numbers/,
    )
    expect(await refusal({ ...square, task: 'paint' }, model)).toMatch(/manifest\.json cannot be used: task/)
    expect(await refusal(square, {})).toMatch(/model\.onnx is missing/)
    expect(await refusal(manifest, model)).toMatch(
      /model\.onnx should take one picture, float \[1, 3, 24, 32\].*it has image float32 \[1, 3, 24, 24\]/,
    )
    expect(await refusal({ ...square, labels: ['a', 'b'], threshold: 0.5 }, model)).toMatch(
      /model\.onnx answered \[1, 4\], which is no logits of 2 labels/,
    )
    expect(await refusal({ ...square, output: { kind: 'logits', name: 'tags' } }, model)).toMatch(/model\.onnx has no output “tags”/)
    expect(await refusal(square, { 'model.onnx': nan })).toMatch(/model\.onnx answered with values that are not numbers/)
    expect(await refusal(square, model, (folder) => truncateSync(join(folder, 'model.onnx'), 60))).toMatch(/model\.onnx cannot be loaded/)
    expect(await refusal({ ...square, task: 'detect', output: { kind: 'yolo' } }, model)).toMatch(
      /model\.onnx answered \[1, 4\], which is no yolo of 4 labels/,
    )
    expect((await service.list()).filter(({ name }) => name.startsWith('poisoned'))).toEqual([])
  })
})

describe('RAM++', () => {
  it('is three rows of the catalogue with their digests, each with its tags and thresholds beside it', () => {
    const rows = CATALOGUE.filter((row) => row.kind === 'download' && row.task === 'tag')
    expect(rows.map(({ name }) => name)).toEqual(['ram-plus', 'ram-plus-fp16', 'ram-plus-int8'])
    for (const row of rows) {
      if (row.kind !== 'download' || !Array.isArray(row.files)) throw new Error(row.name)
      expect(row.files).toEqual([expect.objectContaining({ isExact: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })])
      expect(Object.keys(row.beside!())).toEqual(['manifest.json', 'tags.txt', 'thresholds.txt'])
    }
  })

  it('sees 384 squashed pixels by ImageNet’s mean and deviation, and says a tag from its own threshold on', async () => {
    const tags = readStartingTags()
    const row = CATALOGUE.find(({ name }) => name === 'ram-plus')
    const beside = row?.kind === 'download' ? row.beside!() : {}
    const thresholds = beside['thresholds.txt']!.trim().split('\n').map(Number)
    // each tag’s logit is the red plane’s mean, times 1: a picture’s red decides which thresholds are reached
    const matrix = new Float32Array(3 * tags.length)
    matrix.fill(1, 0, tags.length)
    const service = await library.create()
    const folder = writeVisionFolder(join(library.root, 'ram'), describeRamPlus('ram_plus.onnx'), {
      ...beside,
      'ram_plus.onnx': meanTagger(384, tags.length, matrix),
    })
    await service.importFolder(folder)
    const chosen = service.folderOf('ram')!
    await using models = openWith({ tag: { folder: chosen.folder } })
    const tagger = await found(models.get('tag'))
    const red = 200
    const score = 1 / (1 + Math.exp(-((red / 255 - 0.485) / 0.229)))
    const said = await tagger.tagPicture(plain(red, 0, 0))
    const reached = tags.filter((_, index) => score >= thresholds[index]!)
    expect(reached.length).toBeGreaterThan(50)
    expect(reached.length).toBeLessThan(tags.length)
    expect(said).toHaveLength(50)
    for (const { tag, confidence } of said) {
      expect(reached).toContain(tag)
      expect(confidence).toBeCloseTo(score, 4)
    }
  })
})

describe('a detector of the user', () => {
  it('takes the place of the built-in one, and its boxes are laid back into the picture', async () => {
    const manifest = {
      format: 1,
      task: 'detect',
      model: 'boxes.onnx',
      input: { width: 64, height: 64, resize: 'letterbox' },
      output: { kind: 'yolo' },
      labels: ['cat', 'lamp'],
      threshold: 0.5,
    }
    const service = await library.create()
    // the second box is nearly the first, the third is too doubtful
    const graph = fixedDetector(64, [
      [16, 32, 8, 16, 0.1, 0.9],
      [16.2, 32, 8, 16, 0.1, 0.8],
      [40, 40, 8, 8, 0.4, 0.3],
    ])
    const written = writeVisionFolder(join(library.root, 'lamps'), manifest, { 'boxes.onnx': graph })
    await service.importFolder(written)
    await service.choose('detect', { active: 'lamps' })
    const detect = service.chosen('detect')
    if (detect.kind !== 'installed') throw new Error('not installed')
    await using models = openWith({ detect })
    const finder = await found(models.get('find-objects'))
    expect(finder.info.id).toMatch(/^onnx\/lamps@/)
    // twice as high as wide: upright in a letterbox, so a box that is not laid back would lie too far left
    const picture = pictureOf({ width: 60, height: 120, channels: 3, data: new Uint8Array(60 * 120 * 3) })
    const things = await finder.findObjects(picture)
    expect(things).toEqual([{ label: 'lamp', confidence: expect.closeTo(0.9, 5), box: expect.anything() }])
    expect(boxOverlap(things[0]!.box, { x: 12 / 32, y: 24 / 64, width: 8 / 32, height: 16 / 64 })).toBeGreaterThan(0.95)
    for (const file of ['manifest.json', 'boxes.onnx'])
      expect((await readFile(join(library.modelDir, 'lamps', file))).equals(readFileSync(join(written, file)))).toBe(true)
  })
})

describe('the small detectors of the catalogue', () => {
  const QUERIES = 300
  /** In queries 7 and 8, centre and size: what the logits of these classes say. */
  const answer = (classes: number, said: readonly (readonly [label: number, logit: number])[]) => {
    const logits = new Float32Array(QUERIES * classes).fill(-9)
    const boxes = new Float32Array(QUERIES * 4).fill(0.1)
    said.forEach(([label, logit], at) => {
      logits[(7 + at) * classes + label] = logit
      boxes.set([0.5, 0.25 + at / 2, 0.5, 0.25], (7 + at) * 4)
    })
    return { logits: { dims: [1, QUERIES, classes], data: logits }, boxes: { dims: [1, QUERIES, 4], data: boxes } }
  }
  const find = async (name: string, manifest: object, model: Uint8Array) => {
    const service = await library.create()
    await service.importFolder(writeVisionFolder(join(library.root, name), manifest, { 'model.onnx': model }))
    expect(await service.show(name)).toMatchObject({ task: 'detect', capabilities: ['find-objects'] })
    await using models = openWith({ detect: { folder: service.folderOf(name)!.folder } })
    return await (await found(models.get('find-objects'))).findObjects(plain(90, 90, 90))
  }
  const boxOf = (y: number) => ({ x: 0.25, y: expect.closeTo(y, 5), width: 0.5, height: 0.25 })

  it('have their digests, and a manifest beside them', () => {
    const rows = CATALOGUE.filter((row) => row.kind === 'download' && row.task === 'detect')
    expect(rows.map(({ name }) => name)).toEqual(['d-fine-n', 'd-fine-s', 'rf-detr-n'])
    for (const row of rows) {
      if (row.kind !== 'download') throw new Error(row.name)
      expect(row.files).toEqual([expect.objectContaining({ isExact: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })])
      expect(Object.keys(row.beside!())).toEqual(['manifest.json'])
      expect(row.note).toContain('not yet tried by us')
    }
  })

  it('D-FINE: 80 classes, each for itself; a mouse is the one of a computer', async () => {
    const { logits, boxes } = answer(80, [
      [16, 2],
      [64, 1],
    ])
    const model = fixedAnswers({ name: 'pixel_values', side: 640 }, { logits, pred_boxes: boxes })
    expect(await find('dfine', describeDFine(), model)).toEqual([
      { label: 'dog', confidence: expect.closeTo(0.881, 3), box: boxOf(0.125) },
      { label: 'computer mouse', confidence: expect.closeTo(0.731, 3), box: boxOf(0.625) },
    ])
  })

  it('RF-DETR: classes by their numbers in COCO, of which some stand for nothing', async () => {
    const { logits, boxes } = answer(91, [
      [18, 2],
      [90, 1],
      [12, 3],
      [0, 3],
    ])
    const model = fixedAnswers({ name: 'input', side: 384 }, { dets: boxes, labels: logits })
    const said = await find('rfdetr', describeRfDetr(), model)
    expect(said.map(({ label }) => label)).toEqual(['dog', 'toothbrush'])
    expect(said[0]?.box).toEqual(boxOf(0.125))
  })

  it('what exporters of D-FINE and DEIM write: boxes in pixels of the size that is asked for', async () => {
    const manifest = { ...describeDFine(), output: { kind: 'boxes' } }
    const write = (label: bigint, size?: string) =>
      fixedAnswers(
        { name: 'images', side: 640 },
        {
          labels: { dims: [1, 2], data: BigInt64Array.of(label, 0n) },
          boxes: { dims: [1, 2, 4], data: Float32Array.of(160, 80, 480, 240, 0, 0, 640, 640) },
          scores: { dims: [1, 2], data: Float32Array.of(0.9, 0.4) },
        },
        size,
      )
    expect(await find('exported', manifest, write(16n, 'orig_target_sizes'))).toEqual([
      { label: 'dog', confidence: expect.closeTo(0.9, 5), box: boxOf(0.125) },
    ])
    await expect(find('no-size', manifest, write(16n))).rejects.toThrow(/should take one picture, .* and “orig_target_sizes”, int64/)
    await expect(find('other-classes', manifest, write(80n, 'orig_target_sizes'))).rejects.toThrow(/which is no boxes of 80 labels/)
  })
})
