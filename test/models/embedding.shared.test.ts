/** @file A trained image–text model, in both folder layouts. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openEmbeddingModel } from '../../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { writeFiles } from '../support/embedding-folder.ts'
import { openPicture } from '../support/media.ts'
import { dataPath, modelPath, noData, noModels } from '../support/shared.ts'

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0)

/** The stand-in as transformers.js would lay it out. */
async function writeStandinAsTransformers(folder: string): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true })
  await cp(modelPath('semantic-standin/visual/model.onnx'), join(folder, 'onnx/vision_model.onnx'))
  await cp(modelPath('semantic-standin/textual/model.onnx'), join(folder, 'onnx/text_model.onnx'))
  await cp(modelPath('semantic-standin/textual/tokenizer.json'), join(folder, 'tokenizer.json'))
  await cp(modelPath('semantic-standin/textual/tokenizer_config.json'), join(folder, 'tokenizer_config.json'))
  await writeFiles(folder, {
    'config.json': { model_type: 'clip', projection_dim: 256, text_config: { max_position_embeddings: 24 } },
    'preprocessor_config.json': {
      do_resize: true,
      size: { height: 224, width: 224 },
      resample: 3,
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      image_processor_type: 'ViTImageProcessor',
    },
  })
}

describe.skipIf(noModels || noData)('the stand-in in both folder layouts', () => {
  it('finds the photo of a caption, and both layouts give the same vectors', async () => {
    const second = await mkdtemp(join(tmpdir(), 'fototeca-embedding-'))
    await using stack = new AsyncDisposableStack()
    stack.defer(() => rm(second, { recursive: true }))
    await writeStandinAsTransformers(second)
    const a = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
    const b = await openEmbeddingModel(second, { device: 'cpu' })
    await using imageA = a.image()
    await using imageB = b.image()
    await using textA = a.text()
    await using textB = b.text()
    expect(a.space.width).toBe(256)
    expect(a.space.name).not.toBe(b.space.name)

    const names = ['1082379191_ec1e53f996.jpg', '1167669558_87a8a467d6.jpg']
    const caption = 'A man and a woman are sitting on a dock together .'
    const pictures = await Promise.all(names.map((name) => openPicture(dataPath('captioned-photos/images', name))))
    const vectors = await Promise.all(pictures.map((picture) => imageA.embedImage(picture)))
    const query = await textA.embedText(caption)
    expect(dot(query, query)).toBeCloseTo(1, 5)
    expect(dot(vectors[0]!, query)).toBeGreaterThan(dot(vectors[1]!, query))
    for (const [index, picture] of pictures.entries())
      expect(dot(vectors[index]!, await imageB.embedImage(picture))).toBeGreaterThan(0.9999)
    expect(dot(query, await textB.embedText(caption))).toBeGreaterThan(0.9999)
  })
})
