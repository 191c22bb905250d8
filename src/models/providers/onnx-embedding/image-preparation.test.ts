import { describe, expect, it } from 'vitest'
import { readOpenClipPreparation, readTransformersPreparation, toTensor } from './image-preparation.ts'

const STATS = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }

describe('the two config forms', () => {
  it('OpenCLIP: size as number or pair, shortest side unless squash', () => {
    const base = { mean: [0, 0, 0], std: [1, 1, 1] }
    expect(readOpenClipPreparation({ ...base, size: 224 })).toMatchObject({ width: 224, height: 224, how: 'cover', kernel: 'cubic' })
    expect(readOpenClipPreparation({ ...base, size: [240, 320], resize_mode: 'squash', interpolation: 'bilinear' })).toMatchObject({
      width: 320,
      height: 240,
      how: 'squash',
      kernel: 'linear',
    })
    expect(() => readOpenClipPreparation({ ...base, size: 224, resize_mode: 'longest' })).toThrow()
  })

  it('transformers: the forms that CLIP, SigLIP and ViT processors write', () => {
    const read = (config: object) => readTransformersPreparation({ ...STATS, ...config })
    expect(read({ size: { shortest_edge: 224 }, crop_size: { height: 224, width: 224 }, do_center_crop: true, resample: 3 })).toMatchObject(
      { how: 'cover', width: 224 },
    )
    expect(read({ size: 224, feature_extractor_type: 'CLIPFeatureExtractor' })).toMatchObject({ how: 'cover', kernel: 'cubic' })
    expect(read({ size: { height: 256, width: 256 }, resample: 2, image_processor_type: 'SiglipImageProcessor' })).toMatchObject({
      how: 'squash',
      kernel: 'linear',
      resizeWidth: 256,
    })
    expect(read({ size: { shortest_edge: 256 }, crop_size: 224 })).toMatchObject({
      resizeWidth: 256,
      width: 224,
      height: 224,
      how: 'cover',
    })
    expect(read({ size: 32, do_rescale: false, do_normalize: false })).toMatchObject({ scale: 1, mean: [0, 0, 0], std: [1, 1, 1] })
    expect(() => readTransformersPreparation({ size: 224 })).toThrow(/image_mean/)
  })
})

describe('the tensor', () => {
  it('holds planes of red, green, blue, scaled and normalised', () => {
    const preparation = readOpenClipPreparation({ size: 8, mean: [0.5, 0, 0], std: [0.5, 1, 2] })
    const data = new Uint8Array(8 * 8 * 3)
    data.set([255, 51, 102], 3) // second pixel of the first row
    const tensor = toTensor([{ width: 8, height: 8, channels: 3, data }], preparation)
    expect(tensor).toHaveLength(192)
    expect([tensor[0], tensor[1], tensor[65], tensor[129]].map((value) => Math.round(value! * 1000) / 1000)).toEqual([-1, 1, 0.2, 0.2])
  })

  it('is the centre where the model sees less than was scaled', () => {
    const preparation = readTransformersPreparation({
      size: { shortest_edge: 12 },
      crop_size: 8,
      image_mean: [0, 0, 0],
      image_std: [1, 1, 1],
    })
    const data = new Uint8Array(12 * 12 * 3)
    data[(2 * 12 + 2) * 3] = 255
    const tensor = toTensor([{ width: 12, height: 12, channels: 3, data }], preparation)
    expect(tensor[0]).toBeCloseTo(1, 5)
    expect(tensor.filter((value) => value !== 0)).toHaveLength(1)
  })

  it('holds the pictures of a run one after the other, whatever their sizes were, in one buffer', () => {
    const preparation = readOpenClipPreparation({ size: 8, mean: [0.5, 0, 0], std: [0.5, 1, 2] })
    const grey = (side: number, value: number) =>
      ({ width: side, height: side, channels: 3, data: new Uint8Array(side * side * 3).fill(value) }) as const
    const pictures = [grey(8, 51), grey(12, 102), grey(9, 255)]
    const together = toTensor(pictures, preparation)
    expect(together.byteLength).toBe(together.buffer.byteLength)
    for (const [at, picture] of pictures.entries())
      expect(together.subarray(at * 192, (at + 1) * 192)).toEqual(toTensor([picture], preparation))
  })
})
