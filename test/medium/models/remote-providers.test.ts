import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { openDescriber } from '../../../src/models/describe/open-describer.ts'
import { openFlorence } from '../../../src/models/providers/florence/index.ts'
import { makeImageByHuggingFace } from '../../../src/models/providers/huggingface/make-image.ts'
import { embedTextsRemotely } from '../../../src/models/providers/openai/embed-texts.ts'
import { LIMITS } from '../../../src/models/providers/provider-request.ts'
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts'
import { drawJpeg } from '../../support/jpeg.ts'

let provider: FakeProvider
beforeAll(async () => {
  provider = await startFakeProvider()
})
beforeEach(() => {
  provider.misbehave = null
})
afterAll(() => provider[Symbol.asyncDispose]())

describe('text embeddings of an OpenAI-compatible server', () => {
  const server = () => ({ baseUrl: `${provider.openaiUrl}/`, key: 'sk-1', model: 'qwen3-embedding', limits: LIMITS })

  it('come in the order of the texts, of unit length and the width asked for', async () => {
    const vectors = await embedTextsRemotely(server(), ['one', 'two'], { dimensions: 16 })
    expect(vectors.map((vector) => vector.length)).toEqual([16, 16])
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    expect(vectors[0]).not.toEqual(vectors[1])
    expect(provider.calls.at(-1)).toMatchObject({ path: '/v1/embeddings', json: { input: ['one', 'two'], dimensions: 16 } })
    const body = (rows: object[]) => JSON.stringify({ data: rows })
    provider.misbehave = () => ({
      kind: 'body',
      body: body([
        { index: 1, embedding: [0, 1] },
        { index: 0, embedding: [3, 4] },
      ]),
    })
    const [first] = await embedTextsRemotely(server(), ['one', 'two'])
    expect(first?.[0]).toBeCloseTo(0.6, 5)
  })

  it.each([
    ['too few', [{ index: 0, embedding: [1, 0] }]],
    [
      'of two widths',
      [
        { index: 0, embedding: [1, 0] },
        { index: 1, embedding: [1] },
      ],
    ],
    [
      'all zero',
      [
        { index: 0, embedding: [1, 0] },
        { index: 1, embedding: [0, 0] },
      ],
    ],
    [
      'no numbers',
      [
        { index: 0, embedding: [1, 0] },
        { index: 1, embedding: ['1', null] },
      ],
    ],
  ])('are refused when they are %s', async (_, data) => {
    provider.misbehave = () => ({ kind: 'body', body: JSON.stringify({ data }) })
    await expect(embedTextsRemotely(server(), ['one', 'two'])).rejects.toMatchObject({ kind: 'bad-answer' })
  })
})

describe('pictures from text by Hugging Face', () => {
  const server = () => ({ baseUrl: provider.url, key: 'hf_1', model: 'black-forest-labs/FLUX.1-schnell', limits: LIMITS })

  it('are taken by what they are, not by what they are called', async () => {
    expect(await makeImageByHuggingFace(server(), { prompt: 'evening light', width: 512, seed: 7 })).toMatchObject({ type: 'image/png' })
    expect(provider.calls.at(-1)).toMatchObject({
      path: '/hf-inference/models/black-forest-labs/FLUX.1-schnell',
      json: { inputs: 'evening light', parameters: { width: 512, seed: 7 } },
    })
    provider.misbehave = () => ({ kind: 'body', body: '<svg onload="x()"/>', contentType: 'image/png' })
    await expect(makeImageByHuggingFace(server(), { prompt: 'x' })).rejects.toMatchObject({ kind: 'bad-answer' })
    provider.misbehave = () => ({ kind: 'status', status: 503, body: { error: 'loading', estimated_time: 12 } })
    await expect(makeImageByHuggingFace(server(), { prompt: 'x' })).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: 12_000 })
  })
})

describe('Florence-2 on this machine (a stand-in for transformers.js: no weights are in reach here)', () => {
  let modelDir: string
  beforeAll(async () => {
    modelDir = await mkdtemp(join(tmpdir(), 'fototeca-florence-'))
  })
  afterAll(() => rm(modelDir, { recursive: true }))

  async function makeStandInFolder(name: string): Promise<void> {
    await mkdir(join(modelDir, name, 'onnx'), { recursive: true })
    for (const file of ['config.json', 'preprocessor_config.json', 'tokenizer.json']) await writeFile(join(modelDir, name, file), '{}')
    for (const graph of ['vision_encoder', 'embed_tokens', 'encoder_model', 'decoder_model_merged'])
      await writeFile(join(modelDir, name, 'onnx', `${graph}_q4.onnx`), 'stand-in, no graph')
  }

  it('names what is missing: files, then the package, then graphs that do not load', async () => {
    const { jpeg } = await drawJpeg()
    const config = loadConfig({ FOTOTECA_MODELS: modelDir })
    const ask = async (name: string, packageName?: string) => {
      const florence = openFlorence(modelDir, name, packageName)
      try {
        return await florence.caption(jpeg, {}).catch((error: Error) => error)
      } finally {
        await florence.close()
      }
    }
    await using whole = openDescriber('florence-2', config)
    await expect(whole.describe({ jpeg, width: 64, height: 48 })).rejects.toMatchObject({
      kind: 'misconfigured',
      fault: 'configuration',
      message: expect.stringMatching(/florence-2-base-ft \(config\.json, .*onnx\/vision_encoder\.onnx/),
    })
    await makeStandInFolder('standin')
    await rm(join(modelDir, 'standin', 'onnx', 'embed_tokens_q4.onnx'))
    expect(await ask('standin')).toMatchObject({ kind: 'misconfigured', message: expect.stringContaining('onnx/embed_tokens.onnx') })
    await makeStandInFolder('standin')
    expect(await openFlorence(modelDir, 'standin', 'no-such-package').findMissing()).toContain('which is not installed')
    expect(await ask('standin', 'no-such-package')).toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('npm install @huggingface/transformers'),
    })
    await writeFile(join(modelDir, 'broken.mjs'), 'export const env = {}')
    expect(await ask('standin', pathToFileURL(join(modelDir, 'broken.mjs')).href)).toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining(join(modelDir, 'standin')),
    })
  })

  it('asks transformers.js as its documents show, offline, and gives captions and object names', async () => {
    await makeStandInFolder('standin')
    await writeFile(
      join(modelDir, 'transformers-standin.mjs'),
      `export const env = {}
      const said = { '<OD>': { labels: ['dog', 'ball', 'dog'], bboxes: [] }, '<CAPTION>': 'A dog.', '<MORE_DETAILED_CAPTION>': 'A dog plays with a ball.' }
      const processor = Object.assign(async (image, prompts) => ({ prompts }), {
        construct_prompts: (task) => task,
        batch_decode: (ids, { skip_special_tokens }) => [skip_special_tokens === false ? ids : 'wrong'],
        post_process_generation: (text, task, size) => ({ [task]: size[0] === 64 ? said[text] : null }),
      })
      export const RawImage = { fromBlob: async (blob) => ({ size: [blob.type === 'image/jpeg' && blob.size > 500 ? 64 : 0, 48] }) }
      export const AutoProcessor = { from_pretrained: async () => processor }
      export const Florence2ForConditionalGeneration = {
        from_pretrained: async (name, { dtype }) => {
          if (env.allowRemoteModels !== false || name !== 'standin' || dtype !== 'q4') throw new Error('asked wrongly')
          return { generate: async ({ prompts }) => prompts }
        },
      }`,
    )
    const florence = openFlorence(modelDir, 'standin', pathToFileURL(join(modelDir, 'transformers-standin.mjs')).href)
    try {
      expect(await florence.findMissing()).toBeNull()
      const { jpeg } = await drawJpeg()
      expect(await florence.caption(jpeg, {})).toMatchObject({
        text: 'A dog plays with a ball.',
        short: 'A dog.',
        objects: ['dog', 'ball', 'dog'],
      })
    } finally {
      await florence.close()
    }
  })
})
