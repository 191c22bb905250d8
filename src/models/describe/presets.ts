/**
 * @file Describers by name, as data. A model’s id is the provider’s and may be retired there: `preset=model` takes another.
 * None of these could be reached where this was written; addresses and ids are as their makers’ documents state them.
 */
import type { SettingName } from '../../config/schema.ts'

/** Where a preset asks, and which settings hold address and key. */
export const SERVICES = {
  openai: { title: 'OpenAI', url: 'openaiUrl', key: 'openaiKey', needsKey: true },
  gemini: { title: 'Google Gemini', url: 'geminiUrl', key: 'geminiKey', needsKey: true },
  huggingface: { title: 'Hugging Face', url: 'huggingfaceUrl', key: 'huggingfaceKey', needsKey: true },
  ollama: { title: 'Ollama', url: 'ollamaUrl', key: null, needsKey: false },
  own: { title: 'your own server', url: 'describeUrl', key: 'describeKey', needsKey: false },
  blip: { title: 'the caption server', url: 'blipEndpoint', key: 'blipKey', needsKey: false },
  phi: { title: 'the language model’s server', url: 'phi35Endpoint', key: 'phi35Key', needsKey: false },
} as const satisfies Record<string, { title: string; url: SettingName; key: SettingName | null; needsKey: boolean }>
export type ServiceName = keyof typeof SERVICES

export type Preset = {
  readonly name: string
  /** model id; null: must be given as `preset=model` */
  readonly model: string | null
  readonly licence: string
} & (
  | { readonly kind: 'sees'; readonly service: ServiceName }
  | {
      readonly kind: 'caption'
      readonly service: ServiceName
      readonly words: { readonly service: ServiceName; readonly model: string | null }
    }
  | { readonly kind: 'florence' }
  | { readonly kind: 'fake' }
)

const TERMS = 'the provider’s terms'

export const PRESETS: readonly Preset[] = [
  { name: 'qwen3-vl-8b', kind: 'sees', service: 'huggingface', model: 'Qwen/Qwen3-VL-8B-Instruct', licence: 'Apache-2.0' },
  { name: 'gemini-2.0-flash', kind: 'sees', service: 'gemini', model: 'gemini-2.0-flash', licence: TERMS },
  { name: 'gpt', kind: 'sees', service: 'openai', model: 'gpt-4o-mini', licence: TERMS },
  { name: 'phi-3.5-vision', kind: 'sees', service: 'own', model: 'microsoft/Phi-3.5-vision-instruct', licence: 'MIT' },
  { name: 'own', kind: 'sees', service: 'own', model: null, licence: 'the model’s own' },
  { name: 'ollama', kind: 'sees', service: 'ollama', model: null, licence: 'the model’s own' },
  { name: 'ollama-qwen2.5vl', kind: 'sees', service: 'ollama', model: 'qwen2.5vl', licence: 'Apache-2.0' },
  { name: 'ollama-gemma3', kind: 'sees', service: 'ollama', model: 'gemma3', licence: 'Gemma terms' },
  { name: 'ollama-llama3.2-vision', kind: 'sees', service: 'ollama', model: 'llama3.2-vision', licence: 'Llama 3.2 licence' },
  { name: 'ollama-minicpm-v', kind: 'sees', service: 'ollama', model: 'minicpm-v', licence: 'Apache-2.0 and the model’s own' },
  { name: 'ollama-moondream', kind: 'sees', service: 'ollama', model: 'moondream', licence: 'Apache-2.0' },
  {
    name: 'blip2+phi3.5',
    kind: 'caption',
    service: 'blip',
    model: 'blip2',
    words: { service: 'phi', model: null },
    licence: 'BSD-3-Clause and MIT; BLIP-2’s language part has its own',
  },
  {
    name: 'blip+qwen',
    kind: 'caption',
    service: 'huggingface',
    model: 'Salesforce/blip-image-captioning-large',
    words: { service: 'huggingface', model: 'Qwen/Qwen2.5-7B-Instruct' },
    licence: 'BSD-3-Clause and Apache-2.0',
  },
  { name: 'florence-2', kind: 'florence', model: 'florence-2-base-ft', licence: 'MIT' },
  { name: 'fake', kind: 'fake', model: null, licence: 'none: no model' },
]
