/** @file What the library and its analysis process say to each other. Structured clones over the fork’s channel. */
import type { Message } from '../../contract/messages/message.ts'
import type { StepName } from '../../contract/words.ts'
import type { ModelOptions } from '../../models/registry.ts'
import type { PictureFile } from '../step.ts'

/** All the analysis process needs to know; it reads no environment and no database. */
export interface AnalyserOptions {
  readonly thumbnailSize: number
  readonly maxPixels: number
  readonly maxBytes: number
  readonly decodeTimeoutMs: number
  readonly models: ModelOptions
}

export interface AnalyseRequest {
  readonly file: PictureFile
  /** steps to run, in registry order */
  readonly steps: readonly StepName[]
  /** one step after another, so that a death names the step that caused it */
  readonly isSequential: boolean
}

export type StepOutcome =
  | { readonly state: 'done'; readonly result: unknown; readonly modelId: string | null; readonly durationMs: number }
  | { readonly state: 'skipped'; readonly reason: Message; readonly modelId: string | null; readonly durationMs: number }
  | {
      readonly state: 'failed'
      readonly reason: Message
      readonly isRetryable: boolean
      /** of the operating system, where the disk is behind it: it may be an outage (`domain/outage.ts`) */
      readonly systemCode?: string | undefined
      readonly modelId: string | null
      readonly durationMs: number
    }

export type ToAnalyser =
  | { readonly type: 'configure'; readonly options: AnalyserOptions }
  | ({ readonly type: 'analyse'; readonly request: number } & AnalyseRequest)

export type FromAnalyser =
  | { readonly type: 'ready' }
  | { readonly type: 'step-started'; readonly request: number; readonly step: StepName }
  | { readonly type: 'step-finished'; readonly request: number; readonly step: StepName; readonly outcome: StepOutcome }
  /** `isRunaway`: a decode was given up, and its thread goes on with it */
  | { readonly type: 'finished'; readonly request: number; readonly rssBytes: number; readonly isRunaway: boolean }
