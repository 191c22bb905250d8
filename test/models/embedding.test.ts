import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Picture } from '../../src/media/picture.ts'
import { openEmbeddingModel } from '../../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { imageTower, textTower, wordTokenizer, writeFiles } from '../support/embedding-folder.ts'
import { openPicture } from '../support/media.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fototeca-embedding-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const rounded = (vector: Float32Array) => [...vector].map((value) => Math.round(value * 100) / 100)
let drawn = 0
const openPng = async (png: Buffer): Promise<Picture> => {
  const path = join(folder, `drawn-${drawn++}.png`)
  await writeFile(path, png)
  return openPicture(path)
}
/** A picture of one colour: its mean is known exactly. */
const plain = async (r: number, g: number, b: number, width = 60, height = 40): Promise<Picture> =>
  openPng(
    await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
      .png()
      .toBuffer(),
  )

const SIGLIP_LIKE = {
  'preprocessor_config.json': {
    image_processor_type: 'SiglipImageProcessor',
    size: { height: 16, width: 16 },
    resample: 2,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  },
  'tokenizer.json': wordTokenizer(['red', 'green', 'blue']),
  'tokenizer_config.json': { pad_token: '[PAD]', model_max_length: 8 },
}
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1]
/** Mean colour in; red, green and blue known. */
const smallFolder = {
  ...SIGLIP_LIKE,
  'config.json': { model_type: 'clip', projection_dim: 3 },
  'onnx/vision_model.onnx': imageTower({ side: 16, matrix: IDENTITY, width: 3 }).graph,
  'onnx/text_model.onnx': textTower({ type: 'int64', length: 8, table: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], width: 3 }),
}

describe('models read from the graph itself', () => {
  it('SigLIP-like: pooler_output, no width in the config, int64 text padded to its fixed length', async () => {
    const siglip = join(folder, 'siglip')
    await writeFiles(siglip, {
      ...SIGLIP_LIKE,
      'config.json': { model_type: 'siglip', text_config: { max_position_embeddings: 8 } },
      'onnx/vision_model.onnx': imageTower({ side: 16, matrix: IDENTITY, width: 3 }).graph,
      // the pad row pulls the vector, so the test sees whether padding is there
      'onnx/text_model_quantized.onnx': textTower({
        type: 'int64',
        length: 'sequence',
        table: [0, 0, 0.5, 9, 0, 0, 0, 9, 0, 0, 0, 9],
        width: 3,
      }),
    })
    const model = await openEmbeddingModel(siglip, { device: 'cpu' })
    expect(model.space).toMatchObject({ width: 3, hasText: true })
    await using image = model.image()
    await using text = model.text()
    // (255, 128, 0) → (1, .004, -1) before normalising
    const vector = await image.embedImage(await plain(255, 127.5, 0))
    expect(rounded(vector)).toEqual([0.71, -0, -0.71])
    const red = await text.embedText('RED') // lower-cased, then 7 pads
    expect(red[0]! / red[2]!).toBeCloseTo(9 / 3.5, 4)
  })

  it('CLIP-like: int32 with attention_mask, shortest side and centre cut, text as long as it is', async () => {
    const clip = join(folder, 'clip')
    await writeFiles(clip, {
      ...SIGLIP_LIKE,
      'config.json': { model_type: 'clip', projection_dim: 4, text_config: { max_position_embeddings: 3 } },
      'preprocessor_config.json': {
        feature_extractor_type: 'CLIPFeatureExtractor',
        size: 24,
        crop_size: 20,
        do_center_crop: true,
        resample: 3,
        do_normalize: true,
        image_mean: [0, 0, 0],
        image_std: [1, 1, 1],
      },
      'onnx/vision_model.onnx': imageTower({ output: 'image_embeds', side: 'side', matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], width: 4 })
        .graph,
      'onnx/text_model.onnx': textTower({
        mask: 'attention_mask',
        output: 'text_embeds',
        type: 'int32',
        length: 'n',
        table: [7, 7, 7, 7, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
        width: 4,
      }),
    })
    const model = await openEmbeddingModel(clip, { device: 'cpu' })
    await using image = model.image()
    await using text = model.text()
    // left and right thirds are cut away: only the green centre is seen
    const strip = await sharp({ create: { width: 90, height: 30, channels: 3, background: '#f00' } })
      .composite([{ input: { create: { width: 40, height: 30, channels: 3, background: '#0f0' } }, left: 25, top: 0 }])
      .png()
      .toBuffer()
    const seen = await image.embedImage(await openPng(strip))
    expect(seen[1]).toBeGreaterThan(0.99)
    // four words, cut to three tokens: red + green + blue
    const vector = await text.embedText('red green blue red')
    expect([...vector.slice(0, 3)].every((value) => Math.abs(value - 1 / Math.sqrt(3)) < 1e-4)).toBe(true)
    expect(await text.embedText('xyzzy')).toHaveLength(4) // unknown words only: a valid input all the same
  })

  it('OpenCLIP layout with other names, half precision, and weights in a file of their own', async () => {
    const openclip = join(folder, 'openclip')
    const tower = imageTower({
      input: 'image',
      output: 'embedding',
      type: 'float16',
      side: 12,
      matrix: IDENTITY,
      width: 3,
      external: 'weights_0',
    })
    await writeFiles(openclip, {
      'config.json': { embed_dim: 3, text_cfg: { context_length: 5, tokenizer_kwargs: { clean: 'canonicalize' } } },
      'visual/preprocess_cfg.json': { size: [12, 12], mean: [0, 0, 0], std: [1, 1, 1], interpolation: 'bicubic', resize_mode: 'shortest' },
      'visual/model.onnx': tower.graph,
      'visual/weights_0': new Uint8Array(tower.weights.buffer),
      'textual/model.onnx': textTower({
        ids: 'text',
        output: 'embedding',
        type: 'int32',
        length: 5,
        table: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
        width: 3,
      }),
      'textual/tokenizer.json': wordTokenizer(['red', 'green', 'blue']),
      'textual/tokenizer_config.json': { pad_token: { content: '[PAD]' } },
    })
    const model = await openEmbeddingModel(openclip, { device: 'cpu' })
    await using image = model.image()
    await using text = model.text()
    const vector = await image.embedImage(await plain(255, 0, 255))
    expect(rounded(vector)).toEqual([0.71, 0, 0.71])
    expect(rounded(await text.embedText('Red!, BLUE'))).toEqual([0.71, 0, 0.71])
  })

  it('refuses zeros, not-a-number, and towers that do not belong together', async () => {
    const write = async (name: string, matrix: number[], width: number) => {
      const path = join(folder, name)
      await writeFiles(path, {
        ...SIGLIP_LIKE,
        'config.json': { model_type: 'clip', projection_dim: 3 },
        'onnx/vision_model.onnx': imageTower({ side: 16, matrix, width }).graph,
        'onnx/text_model.onnx': textTower({ type: 'int64', length: 8, table: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], width: 3 }),
      })
      return openEmbeddingModel(path, { device: 'cpu' })
    }
    for (const [name, matrix, width, message] of [
      ['zeros', Array(9).fill(0), 3, 'zeros'],
      ['nan', Array(9).fill(Number.NaN), 3, 'not finite'],
      ['wide', Array(12).fill(1), 4, 'no output that is clearly the embedding of 3 numbers'],
    ] as const) {
      await using image = (await write(name, [...matrix], width)).image()
      await expect(image.embedImage(await plain(10, 200, 30))).rejects.toThrow(message)
    }
  })

  it('runs on the CPU with a notice where CUDA is asked for and absent', async () => {
    const path = join(folder, 'device')
    await writeFiles(path, smallFolder)
    const notices: string[] = []
    const model = await openEmbeddingModel(path, { device: 'cuda', onNotice: (notice) => notices.push(notice) })
    await using text = model.text()
    expect(await text.embedText('red green')).toHaveLength(3)
    await text.embedText('blue')
    // on a machine with CUDA there is nothing to say
    expect(notices.length).toBeLessThanOrEqual(1)
    if (notices.length === 1) expect(notices[0]).toContain('models run on the CPU')
  })

  it('names the file when weights are cut', async () => {
    const broken = join(folder, 'cut')
    await writeFiles(broken, smallFolder)
    await truncate(join(broken, 'onnx/text_model.onnx'), 100)
    const model = await openEmbeddingModel(broken, { device: 'cpu' })
    await using text = model.text()
    await expect(text.embedText('dog')).rejects.toMatchObject({
      code: 'model_failed',
      message: expect.stringContaining('onnx/text_model.onnx'),
    })
  })

  it('different weights never share a space', async () => {
    const names = await Promise.all(
      [1, 2].map(async (factor) => {
        const path = join(folder, `weights-${factor}`, 'same-name')
        await writeFiles(path, {
          ...SIGLIP_LIKE,
          'config.json': { model_type: 'clip', projection_dim: 3 },
          'onnx/vision_model.onnx': imageTower({ side: 16, matrix: IDENTITY.map((value) => value * factor), width: 3 }).graph,
          'onnx/text_model.onnx': textTower({ type: 'int64', length: 8, table: [0, 0, 0], width: 3 }),
        })
        return (await openEmbeddingModel(path, { device: 'cpu' })).space.name
      }),
    )
    expect(names[0]).toMatch(/^onnx\/same-name@[0-9a-f]{8}\/3$/)
    expect(names[0]).not.toBe(names[1])
  })

  it('names what is missing or broken in a folder, and what to do', async () => {
    const good = {
      ...SIGLIP_LIKE,
      'config.json': { model_type: 'clip', projection_dim: 3 },
      'onnx/vision_model.onnx': imageTower({ side: 16, matrix: IDENTITY, width: 3 }).graph,
      'onnx/text_model.onnx': textTower({ type: 'int64', length: 8, table: Array(12).fill(0), width: 3 }),
    }
    const open = async (name: string, files: Record<string, string | Uint8Array | object>) => {
      await writeFiles(join(folder, name), files)
      return openEmbeddingModel(join(folder, name), { device: 'cpu' })
    }
    const { 'tokenizer.json': _, ...withoutTokenizer } = good
    const { 'onnx/text_model.onnx': __, ...withoutText } = good
    await expect(open('b1', withoutTokenizer)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/tokenizer\.json is missing.*download/),
    })
    await expect(open('b2', withoutText)).rejects.toThrow(/onnx\/text_model\*\.onnx/)
    await expect(open('b3', { ...good, 'config.json': '<html>Bad gateway</html>' })).rejects.toThrow(
      /config\.json is not valid JSON.*download it again/,
    )
    await expect(open('b4', { ...good, 'preprocessor_config.json': { size: 'big' } })).rejects.toThrow(/preprocessor_config\.json.*size/)
    await expect(open('b5', { 'notes.txt': 'hello' })).rejects.toThrow(/no embedding model/)
    await expect(openEmbeddingModel(join(folder, 'nowhere'), { device: 'cpu' })).rejects.toThrow(/not a folder/)

    const notTokens = await open('b6', { ...good, 'tokenizer.json': { model: { type: 'Something' } } })
    await using text = notTokens.text()
    await expect(text.embedText('red')).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('tokenizer.json') })
    const otherSize = await open('b7', { ...good, 'onnx/vision_model.onnx': imageTower({ side: 32, matrix: IDENTITY, width: 3 }).graph })
    await using image = otherSize.image()
    await expect(image.embedImage(await plain(1, 2, 3))).rejects.toThrow(/32 × 32.*16 × 16/)
    await writeFile(join(folder, 'b6/tokenizer.json'), JSON.stringify(SIGLIP_LIKE['tokenizer.json']))
    expect(await text.embedText('red').catch((error: Error) => error.message)).toMatch(/zeros/) // a mended file is read again
  })
})
