/** @file A describer around one of the two forms: identity, time, cost, and one kind of failure. */
import type { Description } from '../../domain/description.ts'
import { keepJpegPixelsOnly } from '../../domain/jpeg-pixels-only.ts'
import type { ModelInfo } from '../ports/capability.ts'
import type { DescribablePicture, DescribeOptions, Describer } from '../ports/describer.ts'
import type { Price, Usage } from '../ports/usage.ts'
import { addUsage } from '../ports/usage.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { PROMPT_VERSION } from './prompts.ts'

/** What one of the forms found out. */
export interface Told {
  readonly description: Description
  /** why something is missing; null when the answer was whole */
  readonly problem: string | null
}

/** Collects what the calls of one description cost, and who answered. */
export interface Spending {
  /** of each request */
  readonly nextKey?: (() => string) | undefined
  readonly add: (usage: Usage, model: string) => void
}

export interface DescriberParts {
  readonly info: ModelInfo
  readonly form: Describer['form']
  readonly sendsTo: readonly string[]
  readonly isRemote: boolean
  readonly isPaid: boolean
  readonly maxSide: number
  readonly price: Price | null
  readonly describe: (picture: DescribablePicture, options: DescribeOptions, spending: Spending) => Promise<Told>
  readonly checkPresence: Describer['checkPresence']
  /** absent: nothing of it lies here */
  readonly findMissing?: Describer['findMissing']
  readonly close?: () => Promise<void>
}

export function makeDescriber({ describe, close, findMissing, ...parts }: DescriberParts): Describer {
  return {
    ...parts,
    promptVersion: PROMPT_VERSION,
    findMissing: async () => (await findMissing?.()) ?? null,
    async describe(picture, options = {}) {
      const startedAt = performance.now()
      options.signal?.throwIfAborted()
      let spent: Usage | null = null
      const models = new Set<string>()
      let requests = 0
      const nextKey = options.callId === undefined ? undefined : () => `${options.callId}-${++requests}`
      const add = (usage: Usage, model: string): void => {
        spent = addUsage(spent, usage)
        models.add(model)
      }
      try {
        const { description, problem } = await describe({ ...picture, jpeg: pixelsOnly(picture.jpeg) }, options, { add, nextKey })
        return {
          description,
          models: [...models],
          promptVersion: PROMPT_VERSION,
          fallbackUsed: problem !== null,
          fallbackReason: problem,
          usage: spent ?? { inputTokens: null, outputTokens: null, cost: null, calls: 0 },
          durationMs: performance.now() - startedAt,
        }
      } catch (error) {
        options.signal?.throwIfAborted()
        throw error instanceof ProviderFailure ? error.withSpent(addUsage(spent, error.usage)) : error
      }
    },
    async [Symbol.asyncDispose]() {
      await close?.()
    },
  }
}

function pixelsOnly(jpeg: Uint8Array): Uint8Array {
  try {
    return keepJpegPixelsOnly(jpeg)
  } catch (error) {
    throw new ProviderFailure('bad-picture', `only a whole JPEG is sent to a model: ${(error as Error).message}`, { cause: error })
  }
}
