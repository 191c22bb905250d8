/** @file What makers of images are asked for: no size, field or length that their documentation does not take. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { fitFlux, type MakerSettings, openMaker } from '../../../src/models/make-image/open-maker.ts'
import { startFakePainter } from '../../support/fake-painter.ts'
import { drawProductPng } from '../../support/generation.ts'
import { photoPath } from '../../support/pictures.ts'

describe('makers of images', () => {
  it('FLUX is asked for sides of 256 to 1440 px in steps of 32, in the wished shape', () => {
    expect(fitFlux({ width: 2048, height: 2048 })).toEqual({ width: 1440, height: 1440 })
    expect(fitFlux({ width: 1000, height: 500 })).toEqual({ width: 992, height: 512 })
    expect(fitFlux({ width: 4000, height: 100 })).toEqual({ width: 1440, height: 256 })
  })

  it('sends input_fidelity to the models that take it alone, and no words that are too long', async () => {
    await using painter = await startFakePainter(photoPath('fig'))
    const open = (model: string) =>
      openMaker(`gpt-image-1=${model}`, { openaiUrl: painter.url, openaiKey: 'test', describeTimeoutMs: 60_000 } as MakerSettings)
    const image = await drawProductPng()
    const mask = await sharp(image).ensureAlpha().png().toBuffer()
    const wish = { prompt: 'stone', width: 1024, height: 1024, seed: 1, product: { image, mask } }
    for (const [model, takes] of [
      ['gpt-image-1', true],
      ['gpt-image-1.5', true],
      ['gpt-image-1-mini', false],
      ['gpt-image-2', false],
    ] as const) {
      await using maker = open(model)
      await maker.makeImage(wish)
      expect('input_fidelity' in painter.fields, model).toBe(takes)
    }
    await using maker = open('gpt-image-1')
    await expect(maker.makeImage({ ...wish, prompt: 'x'.repeat(32_001) })).rejects.toThrow(/32001 characters long; gpt-image-1 takes 32000/)
  })
})
