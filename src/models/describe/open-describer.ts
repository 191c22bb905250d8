/** @file From a preset’s name and the settings to a describer, or to what is missing for it. */
import { isLoopbackHost } from '../../config/loopback.ts'
import type { Config } from '../../config/schema.ts'
import { SETTINGS } from '../../config/schema.ts'
import type { Purpose } from '../../contract/words.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Captioner, Chat } from '../ports/chat.ts'
import type { Describer } from '../ports/describer.ts'
import type { Price } from '../ports/usage.ts'
import { createCaptioner } from '../providers/blip/caption.ts'
import { createFakeDescriber } from '../providers/fake/index.ts'
import { openFlorence } from '../providers/florence/index.ts'
import { createOpenAiChat } from '../providers/openai/chat.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { LIMITS, type RequestLimits } from '../providers/provider-request.ts'
import { describeInOneCall } from './describe-in-one-call.ts'
import { describeInTwoCalls } from './describe-in-two-calls.ts'
import { inspireByCaption, inspireByPicture, requireChat } from './inspire.ts'
import { labelCluster } from './label-cluster.ts'
import { type DescriberParts, makeDescriber } from './make-describer.ts'
import { PRESETS, type Preset, SERVICES, type ServiceName } from './presets.ts'
import { findPrice, priceChat } from './prices.ts'
import { PROMPT_VERSION } from './prompts.ts'

type Service = (typeof SERVICES)[ServiceName]
export type DescriberSettings = Pick<
  Config,
  | Service['url']
  | NonNullable<Service['key']>
  | 'phi35Model'
  | 'describeTimeoutMs'
  | 'describePrices'
  | 'describeMaxTokens'
  | 'describeTemperature'
  | 'clusterMaxTokens'
  | 'modelDir'
>

/** Long side sent: what the models’ own tilings make use of; BLIP and Florence see 384 and 768 px whatever comes. */
const MAX_SIDE = { sees: 1024, caption: 768, florence: 768 } as const

/**
 * @param choice a preset’s name, or `preset=model`
 * @param purpose what its `describe` asks for; what it does not ask for is absent from the answer
 * @throws FototecaError `not_found` for an unknown preset
 * @throws ProviderFailure `misconfigured`, `unauthorised` naming the setting that is missing
 */
export function openDescriber(choice: string, settings: DescriberSettings, purpose: Purpose = 'facts'): Describer {
  const { preset, model } = findPreset(choice)
  if (preset.kind === 'fake') return createFakeDescriber({ purpose, ...(model === null ? {} : { name: model }) })
  if (model === null)
    throw new ProviderFailure(
      'misconfigured',
      `${preset.name} serves many models: write which, e.g. FOTOTECA_DESCRIBE=${preset.name}=<model>`,
    )
  const limits = {
    ...LIMITS,
    firstByteMs: settings.describeTimeoutMs,
    wholeMs: Math.max(LIMITS.wholeMs, settings.describeTimeoutMs + LIMITS.wholeMs - LIMITS.firstByteMs),
  }
  if (preset.kind === 'sees') {
    const { chat, price, hasKey } = openChat(preset, preset.service, model, settings, limits)
    return makeDescriber({
      ...identity(preset, preset.service, model, [{ host: chat.host, hasKey, price }]),
      price,
      form: 'one-call',
      maxSide: MAX_SIDE.sees,
      checkPresence: chat.checkPresence,
      promptVersion: PROMPT_VERSION[purpose],
      describe: (picture, options, spending) =>
        ASKED[purpose].picture(chat, picture, { ...options, maxTokens: settings.describeMaxTokens }, spending),
      label: labelBy(chat, settings),
    })
  }
  if (preset.kind === 'florence') {
    const captioner = openFlorence(settings.modelDir ?? '', model)
    const chat = settings.phi35Endpoint === undefined ? null : openChat(preset, 'phi', settings.phi35Model, settings, limits)
    return twoCalls(purpose, preset, 'florence', model, captioner, chat, settings)
  }
  const { url, key } = addressOf(preset.service, settings)
  const path = preset.service === 'huggingface' ? `${url.replace(/\/+$/, '')}/hf-inference/models/${model}` : url
  const captioner = createCaptioner({ url: path, key, model, limits })
  const chat = openChat(preset, preset.words.service, preset.words.model ?? settings.phi35Model, settings, limits)
  return twoCalls(purpose, preset, preset.service, model, captioner, chat, settings, key !== undefined)
}

function labelBy(chat: Chat, settings: DescriberSettings): DescriberParts['label'] {
  return (captions, options, spending) => labelCluster(chat, captions, { ...options, maxTokens: settings.clusterMaxTokens }, spending)
}

/** What a model that sees, and a captioner with a language model, are asked for each purpose. */
const ASKED = {
  facts: { picture: describeInOneCall, caption: describeInTwoCalls },
  inspiration: { picture: inspireByPicture, caption: inspireByCaption },
} as const satisfies Record<Purpose, object>

function twoCalls(
  purpose: Purpose,
  preset: Preset,
  provider: string,
  model: string,
  captioner: Captioner & { readonly findMissing?: () => Promise<string | null>; readonly close?: () => Promise<void> },
  words: PricedChat | null,
  settings: DescriberSettings,
  hasKey = false,
): Describer {
  const chat = words?.chat ?? null
  if (purpose === 'inspiration') requireChat(chat)
  const servers = [
    ...(captioner.host === null ? [] : [{ host: captioner.host, hasKey, price: null }]),
    ...(words ? [{ ...words, host: words.chat.host }] : []),
  ]
  return makeDescriber({
    ...identity(preset, provider, model, servers),
    form: 'two-calls',
    price: words?.price ?? null,
    maxSide: preset.kind === 'florence' ? MAX_SIDE.florence : MAX_SIDE.caption,
    promptVersion: PROMPT_VERSION[purpose],
    describe: (picture, options, spending) =>
      ASKED[purpose].caption(captioner, chat, picture, { ...options, maxTokens: settings.describeMaxTokens }, spending),
    label: chat === null ? undefined : labelBy(chat, settings),
    checkPresence: async (signal) =>
      [await captioner.checkPresence(signal), await chat?.checkPresence(signal)].filter((said) => said !== undefined).join('; '),
    ...(captioner.findMissing ? { findMissing: captioner.findMissing } : {}),
    ...(captioner.close ? { close: captioner.close } : {}),
  })
}

function findPreset(choice: string): { preset: Preset; model: string | null } {
  const [name = '', ...rest] = choice.trim().split('=')
  const preset = PRESETS.find((known) => known.name === name.toLowerCase())
  if (!preset)
    throw new FototecaError(
      'not_found',
      `there is no describer ${JSON.stringify(name)}; there are ${PRESETS.map((known) => known.name).join(', ')}`,
    )
  return { preset, model: rest.join('=') || preset.model }
}

interface Server {
  readonly host: string
  readonly hasKey: boolean
  readonly price: Price | null
}

function identity(preset: Preset, provider: string, model: string, servers: readonly Server[]) {
  // the version of a model outside is not told; what its answers name is stored with each result
  const info = { id: `${provider}/${model}@${preset.name}`, provider, name: model, version: preset.name, licence: preset.licence }
  const sendsTo = [...new Set(servers.map(({ host }) => host))]
  const isRemote = sendsTo.some((host) => !isLoopbackHost(host.replace(/:\d+$/, '')))
  const isPaid = servers.some(({ hasKey, price }) => hasKey || (price !== null && price.input + price.output > 0))
  return { info, sendsTo, isRemote, isPaid }
}

interface PricedChat {
  readonly hasKey: boolean
  readonly chat: Chat
  readonly price: Price | null
}

function openChat(preset: Preset, service: ServiceName, model: string, settings: DescriberSettings, limits: RequestLimits): PricedChat {
  const { url, key } = addressOf(service, settings)
  // the router’s chat lies beside its inference
  const baseUrl = service === 'huggingface' && !/\/v1\/?$/.test(url) ? `${url.replace(/\/+$/, '')}/v1` : url
  const advice = service === 'ollama' ? `bring it with: ollama pull ${model}` : undefined
  const chat = createOpenAiChat({ baseUrl, key, model, limits, advice, temperature: settings.describeTemperature })
  const price = findPrice(service, model, preset.name, chat.host, settings.describePrices)
  return { chat: priceChat(chat, price), price, hasKey: key !== undefined }
}

function addressOf(name: ServiceName, settings: DescriberSettings): { url: string; key: string | undefined } {
  const service = SERVICES[name]
  const url = settings[service.url]
  if (url === undefined)
    throw new ProviderFailure('misconfigured', `no address is set for ${service.title}: set ${SETTINGS[service.url].env}`)
  const key = service.key === null ? undefined : settings[service.key]
  if (service.needsKey && service.key !== null && key === undefined) {
    const { env } = SETTINGS[service.key]
    throw new ProviderFailure('unauthorised', `no key is set for ${service.title}: set ${env}, or ${env}_FILE to the file that holds it`)
  }
  return { url, key }
}
