/** @file Makers of pictures outside: what goes over the wire to each, and what each needs to be opened. */
import { expect, it } from 'vitest'
import { openMaker } from '../../../src/models/make-image/open-maker.ts'
import { startFakeProvider } from '../../support/fake-provider.ts'
import { drawProductPng } from '../../support/generation.ts'

it('makers of pictures outside speak the protocols of OpenAI’s images and of Hugging Face; a key is asked for by name', async () => {
  await using provider = await startFakeProvider()
  const settings = {
    openaiUrl: provider.openaiUrl,
    openaiKey: 'sk-test',
    generateUrl: undefined,
    generateKey: undefined,
    huggingfaceUrl: provider.url,
    huggingfaceKey: 'hf-test',
    generatePrice: undefined,
    describeTimeoutMs: 5000,
  }
  const png = await drawProductPng('hoop', 'white', 16)
  provider.misbehave = () => ({
    kind: 'body',
    body: JSON.stringify({ data: [{ b64_json: png.toString('base64') }], usage: { total_tokens: 77 } }),
  })
  const maker = openMaker('gpt-image-1', settings)
  const wish = { prompt: 'a stone', width: 2048, height: 2048, seed: 1 }
  expect(await maker.makeImage({ ...wish, product: { image: png, mask: png } })).toMatchObject({ tokens: 77 })
  expect(provider.calls[0]?.path).toBe('/v1/images/edits')
  expect(provider.calls[0]?.headers['content-type']).toContain('multipart/form-data')
  expect(provider.calls[0]?.bytes.includes('name="image[]"')).toBe(true)
  expect(provider.calls[0]?.bytes.includes('name="mask"')).toBe(true)
  await maker.makeImage(wish)
  expect(provider.calls[1]).toMatchObject({ path: '/v1/images/generations', json: { model: 'gpt-image-1', size: '1024x1024' } })
  provider.misbehave = null
  await openMaker('flux.1-dev', settings).makeImage(wish)
  expect(provider.calls[2]).toMatchObject({
    path: '/hf-inference/models/black-forest-labs/FLUX.1-dev',
    json: { parameters: { seed: 1 } },
  })
  expect(() => openMaker('gpt-image-1', { ...settings, openaiKey: undefined })).toThrow(/FOTOTECA_OPENAI_KEY/)
  expect(() => openMaker('nothing', settings)).toThrow(/there are gpt-image-1/)
})
