/** @file A describer around one of the two forms: identity, time, cost, and one kind of failure. */
import type { ClusterWords, Description, ProductWords } from '../../domain/description.ts'
import { keepJpegPixelsOnly } from '../../domain/jpeg-pixels-only.ts'
import type { ModelInfo } from '../ports/capability.ts'
import type { DescribablePicture, DescribeOptions, Describer } from '../ports/describer.ts'
import type { Price, Usage } from '../ports/usage.ts'
import { addUsage } from '../ports/usage.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { PRODUCT_PROMPT_VERSION } from './prompts.ts'

/** What one of the forms found out. */
export interface Told {
  readonly description: Description
  readonly product?: ProductWords | null
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
  readonly promptVersion: string
  readonly sendsTo: readonly string[]
  readonly isRemote: boolean
  readonly isPaid: boolean
  readonly maxSide: number
  readonly price: Price | null
  readonly describe: (picture: DescribablePicture, options: DescribeOptions, spending: Spending) => Promise<Told>
  /** absent: it has no language model */
  readonly label?:
    | ((
        captions: readonly string[],
        options: DescribeOptions,
        spending: Spending,
      ) => Promise<{ readonly label: ClusterWords | null; readonly problem: string | null }>)
    | undefined
  readonly checkPresence: Describer['checkPresence']
  /** absent: nothing of it lies here */
  readonly findMissing?: Describer['findMissing']
  readonly close?: () => Promise<void>
}

export function makeDescriber({ describe, label, close, findMissing, ...parts }: DescriberParts): Describer {
  return {
    ...parts,
    findMissing: async () => (await findMissing?.()) ?? null,
    async describe(picture, options = {}) {
      const startedAt = performance.now()
      const { problem, ...said } = await account(options, (spending) =>
        describe({ ...picture, jpeg: pixelsOnly(picture.jpeg) }, options, spending),
      )
      return {
        ...said,
        promptVersion: options.product ? PRODUCT_PROMPT_VERSION : parts.promptVersion,
        fallbackUsed: problem !== null,
        fallbackReason: problem,
        durationMs: performance.now() - startedAt,
      }
    },
    label: label ? (captions, options = {}) => account(options, (spending) => label(captions, options, spending)) : null,
    async [Symbol.asyncDispose]() {
      await close?.()
    },
  }
}

/** With what the calls of one question cost and who answered, also where it fails in the end. */
async function account<T>(
  { signal, callId }: DescribeOptions,
  ask: (spending: Spending) => Promise<T>,
): Promise<T & { readonly models: readonly string[]; readonly usage: Usage }> {
  signal?.throwIfAborted()
  let spent: Usage | null = null
  const models = new Set<string>()
  let requests = 0
  const nextKey = callId === undefined ? undefined : () => `${callId}-${++requests}`
  const add = (usage: Usage, model: string): void => {
    spent = addUsage(spent, usage)
    models.add(model)
  }
  try {
    const answer = await ask({ add, nextKey })
    return { ...answer, models: [...models], usage: spent ?? { inputTokens: null, outputTokens: null, cost: null, calls: 0 } }
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof ProviderFailure ? error.withSpent(addUsage(spent, error.usage)) : error
  }
}

function pixelsOnly(jpeg: Uint8Array): Uint8Array {
  try {
    return keepJpegPixelsOnly(jpeg)
  } catch (error) {
    throw new ProviderFailure('bad-picture', `only a whole JPEG is sent to a model: ${(error as Error).message}`, { cause: error })
  }
}
