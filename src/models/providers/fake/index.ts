/** @file A describer without a model, for tests and trying out the lane: its words are made from the JPEG's bytes and say so. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { PRIMARY_CATEGORIES, type Purpose, SCENE_TYPES } from '../../../contract/words.ts'
import type { Description, ProductWords } from '../../../domain/description.ts'
import type { DescribablePicture, DescribeResult, Describer } from '../../ports/describer.ts'
import type { ProviderFailure } from '../provider-failure.ts'

export interface FakeDescriberOptions {
  /** part of the model's id; two names give different answers to the same picture */
  readonly name?: string
  readonly form?: Describer['form']
  readonly purpose?: Purpose
  readonly isRemote?: boolean
  readonly delayMs?: number
  /** what to say of a picture instead; a failure is thrown. `count` starts at 1 */
  readonly answer?: (picture: DescribablePicture, count: number) => Partial<DescribeResult> | ProviderFailure
}

export function createFakeDescriber(options: FakeDescriberOptions = {}): Describer {
  const name = options.name ?? 'fake'
  const isRemote = options.isRemote ?? false
  let count = 0
  return {
    info: { id: `fake/${name}@1`, provider: 'fake', name, version: '1', licence: 'none: no model' },
    isRemote,
    isPaid: false,
    sendsTo: isRemote ? ['fake.invalid'] : [],
    form: options.form ?? 'one-call',
    promptVersion: 'fake-1',
    price: null,
    maxSide: 1024,
    findMissing: async () => null,
    checkPresence: async () => 'a stand-in is always there',
    async describe(picture, { signal, product } = {}) {
      const startedAt = performance.now()
      signal?.throwIfAborted()
      if (options.delayMs !== undefined) await pause(options.delayMs, undefined, signal ? { signal } : {}).catch(() => {})
      signal?.throwIfAborted()
      const said = options.answer?.(picture, ++count)
      if (said instanceof Error) throw said
      return {
        description: options.purpose === 'inspiration' ? inspireBy(picture) : makeUp(picture, name),
        ...(product ? { product: makeUpProduct(product.kind) } : {}),
        models: [name],
        promptVersion: 'fake-1',
        fallbackUsed: false,
        fallbackReason: null,
        usage: { inputTokens: 100, outputTokens: 50, cost: null, calls: 1 },
        durationMs: performance.now() - startedAt,
        ...said,
      }
    },
    label: async (captions) => ({
      label: { name: 'Made-up topic', description: `Made up from ${captions.length} captions.`, tags: ['invented'], primaryCategory: null },
      problem: null,
      models: [name],
      usage: { inputTokens: 50, outputTokens: 20, cost: null, calls: 1 },
    }),
    [Symbol.asyncDispose]: async () => {},
  }
}

const makeUpProduct = (kind: string): ProductWords => ({
  name: `Made-up ${kind}`,
  description: `Made up by the fake describer for a picture of: ${kind}.`,
  attributes: ['invented'],
  colour: null,
  prompt: null,
  grade: null,
})

const inspireBy = ({ width, height }: DescribablePicture): Description => ({
  ...{
    primaryCategory: null,
    tags: [],
    description: null,
    altText: null,
    detectedObjects: [],
    sceneType: null,
    suggestedClusterName: null,
  },
  inspirationPrompt: `A made-up mood for a picture of ${width} × ${height} px.`,
})

const TAGS = ['invented', 'sample', 'placeholder', 'trial', 'example', 'pretend', 'dummy', 'specimen'] as const

function makeUp({ jpeg, width, height }: DescribablePicture, name: string): Description {
  const digest = createHash('sha256').update(name).update(jpeg).digest()
  const pick = <T>(from: readonly T[], at: number): T => from[(digest[at] ?? 0) % from.length] as T
  const first = (digest[2] ?? 0) % TAGS.length
  return {
    primaryCategory: pick(PRIMARY_CATEGORIES, 0),
    tags: [...TAGS.slice(first), ...TAGS.slice(0, first)].slice(0, 5),
    description: `Made up by the fake describer for a picture of ${width} × ${height} px.`,
    altText: `Made-up text ${digest.toString('hex').slice(0, 8)}`,
    detectedObjects: [{ name: 'thing', confidence: (digest[3] ?? 0) / 255 }],
    sceneType: pick(SCENE_TYPES, 1),
    suggestedClusterName: 'made up',
    inspirationPrompt: null,
  }
}
