/** @file How a picture becomes the tensor an image tower was trained on: read from either config form, applied without a library. */
import { z } from 'zod'
import type { Pixels } from '../../../media/picture.ts'

/** Everything needed between decoded pixels and the tensor. Structured-cloneable. */
export interface ImagePreparation {
  /** size the picture is scaled to */
  readonly resizeWidth: number
  readonly resizeHeight: number
  /** `squash` ignores the aspect; `cover` scales the short side and cuts the centre */
  readonly how: 'squash' | 'cover'
  readonly kernel: 'linear' | 'cubic'
  /** size cut from the centre after scaling; what the model sees */
  readonly width: number
  readonly height: number
  /** multiplies the 0–255 value before mean and deviation */
  readonly scale: number
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

const Three = z.tuple([z.number(), z.number(), z.number()])
const Side = z.number().int().min(8).max(4096)

/** `visual/preprocess_cfg.json` of OpenCLIP. */
const OpenClipConfig = z.looseObject({
  size: z.union([Side, z.tuple([Side, Side]), z.tuple([Side])]),
  mean: Three,
  std: Three,
  interpolation: z.string().optional(),
  resize_mode: z.enum(['shortest', 'squash']).optional(),
})

const HfSize = z.union([Side, z.object({ height: Side, width: Side }), z.object({ shortest_edge: Side })])
/** `preprocessor_config.json` of transformers. */
const TransformersConfig = z.looseObject({
  size: HfSize,
  crop_size: HfSize.optional(),
  do_resize: z.boolean().optional(),
  do_center_crop: z.boolean().optional(),
  do_rescale: z.boolean().optional(),
  rescale_factor: z.number().optional(),
  do_normalize: z.boolean().optional(),
  image_mean: Three.optional(),
  image_std: Three.optional(),
  resample: z.number().optional(),
  image_processor_type: z.string().optional(),
  feature_extractor_type: z.string().optional(),
})

/** @throws ZodError when a value has a form no exporter writes */
export function readOpenClipPreparation(json: unknown): ImagePreparation {
  const config = OpenClipConfig.parse(json)
  const [height, width] = typeof config.size === 'number' ? [config.size, config.size] : [config.size[0], config.size[1] ?? config.size[0]]
  return {
    resizeWidth: width,
    resizeHeight: height,
    width,
    height,
    how: config.resize_mode === 'squash' ? 'squash' : 'cover',
    kernel: config.interpolation === 'bilinear' ? 'linear' : 'cubic',
    scale: 1 / 255,
    mean: config.mean,
    std: config.std,
  }
}

/** @throws ZodError when a value has a form no exporter writes */
export function readTransformersPreparation(json: unknown): ImagePreparation {
  const config = TransformersConfig.parse(json)
  const kind = config.image_processor_type ?? config.feature_extractor_type ?? ''
  // CLIP's processor cuts the centre unless told otherwise; SigLIP's and ViT's do not
  const crops = config.do_center_crop ?? (config.crop_size !== undefined || kind.startsWith('CLIP'))
  const resize = sides(config.size)
  const crop = crops && config.crop_size !== undefined ? sides(config.crop_size) : resize
  const normalizes = config.do_normalize ?? true
  if (normalizes && (!config.image_mean || !config.image_std))
    throw new z.ZodError([{ code: 'custom', path: ['image_mean'], message: 'image_mean and image_std are needed', input: json }])
  // PIL's numbers: 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic. Lanczos is nearer to cubic than to linear.
  const isCubic = config.resample === undefined || config.resample === 3 || config.resample === 1
  return {
    resizeWidth: resize.width,
    resizeHeight: resize.height,
    width: Math.min(crop.width, resize.width),
    height: Math.min(crop.height, resize.height),
    // an exact height and width ignores the aspect even where a cut follows; one side keeps it
    how: crops && (typeof config.size === 'number' || 'shortest_edge' in config.size) ? 'cover' : 'squash',
    kernel: isCubic ? 'cubic' : 'linear',
    scale: config.do_rescale === false ? 1 : (config.rescale_factor ?? 1 / 255),
    mean: normalizes && config.image_mean ? config.image_mean : [0, 0, 0],
    std: normalizes && config.image_std ? config.image_std : [1, 1, 1],
  }
}

function sides(size: z.output<typeof HfSize>): { width: number; height: number } {
  if (typeof size === 'number') return { width: size, height: size }
  if ('shortest_edge' in size) return { width: size.shortest_edge, height: size.shortest_edge }
  return size
}

/**
 * [n, 3, height, width] float32, planes R, G, B; the centre of each picture where it is larger than the model's input.
 * Every picture is written into the one buffer that the run is given: a tensor of its own would be made and copied.
 */
export function toTensor(pictures: readonly Pixels[], preparation: ImagePreparation): Float32Array {
  const { width, height, scale, mean, std } = preparation
  const plane = width * height
  const tensor = new Float32Array(pictures.length * 3 * plane)
  // a value has 256 inputs only: a table is cheaper than two operations per pixel
  const tables = mean.map((average, channel) =>
    Float32Array.from({ length: 256 }, (_, value) => (value * scale - average) / (std[channel] ?? 1)),
  )
  let to = 0
  for (const { width: stride, height: rows, data } of pictures) {
    const left = (stride - width) >> 1
    const top = (rows - height) >> 1
    for (const [channel, table] of tables.entries())
      for (let y = 0; y < height; y++) {
        let from = ((y + top) * stride + left) * 3 + channel
        for (let x = 0; x < width; x++, from += 3) tensor[to++] = table[data[from] ?? 0] ?? 0
      }
  }
  return tensor
}
