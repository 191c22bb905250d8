/** @file Makers of images by name, as data, and the way from a name and the settings to one, or to what is missing for it. */
import { isLoopbackHost } from '../../config/loopback.ts'
import type { Config } from '../../config/schema.ts'
import { SETTINGS } from '../../config/schema.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { ImageMaker } from '../ports/image-maker.ts'
import { createFakeMaker } from '../providers/fake/make-image.ts'
import { makeImageByHuggingFace } from '../providers/huggingface/make-image.ts'
import { makeImageByOpenAi } from '../providers/openai/make-image.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { LIMITS } from '../providers/provider-request.ts'

const TERMS = 'the provider’s terms'
/** None could be reached where this was written; ids are as their makers’ documents state them. `preset=model` takes another. */
const MAKERS = [
  { name: 'gpt-image-1', kind: 'openai', url: 'openaiUrl', key: 'openaiKey', needsKey: true, model: 'gpt-image-1', licence: TERMS },
  { name: 'own', kind: 'openai', url: 'generateUrl', key: 'generateKey', needsKey: false, model: null, licence: 'the model’s own' },
  {
    name: 'flux.1-dev',
    kind: 'huggingface',
    url: 'huggingfaceUrl',
    key: 'huggingfaceKey',
    needsKey: true,
    model: 'black-forest-labs/FLUX.1-dev',
    licence: 'FLUX.1 [dev], non-commercial',
  },
  {
    name: 'flux.1-schnell',
    kind: 'huggingface',
    url: 'huggingfaceUrl',
    key: 'huggingfaceKey',
    needsKey: true,
    model: 'black-forest-labs/FLUX.1-schnell',
    licence: 'Apache-2.0',
  },
  { name: 'fake', kind: 'fake', url: null, key: null, needsKey: false, model: 'fake', licence: 'none: no model' },
] as const

export type MakerSettings = Pick<
  Config,
  'openaiUrl' | 'openaiKey' | 'generateUrl' | 'generateKey' | 'huggingfaceUrl' | 'huggingfaceKey' | 'generatePrice' | 'describeTimeoutMs'
>

/**
 * @param choice a name of the table, or `name=model`
 * @throws FototecaError `config` for an unknown name; ProviderFailure `misconfigured`, `unauthorised` naming the setting that is missing
 */
export function openMaker(choice: string, settings: MakerSettings): ImageMaker {
  const [name = '', ...rest] = choice.trim().split('=')
  const preset = MAKERS.find((known) => known.name === name.toLowerCase())
  if (!preset)
    throw new FototecaError(
      'config',
      `FOTOTECA_GENERATE: there is no maker ${JSON.stringify(name)}; there are ${MAKERS.map((known) => known.name).join(', ')}`,
    )
  const model = rest.join('=') || preset.model
  if (preset.kind === 'fake') return createFakeMaker(model ?? 'fake')
  if (model === null)
    throw new ProviderFailure('misconfigured', `${name} serves many models: write which, e.g. FOTOTECA_GENERATE=${name}=<model>`)
  const baseUrl = settings[preset.url]
  if (baseUrl === undefined) throw new ProviderFailure('misconfigured', `no address is set for ${name}: set ${SETTINGS[preset.url].env}`)
  const key = settings[preset.key]
  if (preset.needsKey && key === undefined)
    throw new ProviderFailure(
      'unauthorised',
      `no key is set for ${name}: set ${SETTINGS[preset.key].env}, or ${SETTINGS[preset.key].env}_FILE to the file that holds it`,
    )
  const { host, hostname } = new URL(baseUrl)
  const limits = { ...LIMITS, firstByteMs: Math.max(settings.describeTimeoutMs, LIMITS.firstByteMs), wholeMs: 290_000 }
  const server = { baseUrl, key, model, limits }
  return {
    info: {
      id: `${preset.kind}/${model}@${preset.name}`,
      provider: preset.kind,
      name: model,
      version: preset.name,
      licence: preset.licence,
    },
    isRemote: !isLoopbackHost(hostname),
    isPaid: key !== undefined || (settings.generatePrice ?? 0) > 0,
    sendsTo: [host],
    canEdit: preset.kind === 'openai',
    async makeImage(wish, options = {}) {
      if (preset.kind === 'openai') return makeImageByOpenAi(server, wish, options)
      const { prompt, seed } = wish
      const size = fitFlux(wish)
      const { bytes } = await makeImageByHuggingFace(server, { prompt, ...size, seed }, options)
      return { bytes, tokens: null, cost: null }
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** FLUX.1 paints sides of 256 to 1440 pixels, in steps of 32 (documentation of Black Forest Labs); the shape is kept. */
export function fitFlux({ width, height }: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const share = Math.min(1, 1440 / Math.max(width, height))
  const step = (side: number) => Math.min(1440, Math.max(256, Math.round((side * share) / 32) * 32))
  return { width: step(width), height: step(height) }
}
