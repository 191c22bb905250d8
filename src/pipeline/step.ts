/** @file What a step is. Steps are declared, not called: the runner owns order, retry, time, errors, ledger and transaction. */
import type { Message } from '../contract/messages/message.ts'
import type { Lane, PhotoFormat, StepName } from '../contract/words.ts'
import type { Trx } from '../db/client.ts'
import type { Box } from '../domain/geometry.ts'
import type { Picture } from '../media/picture.ts'
import type { StepCapability, StepModels } from '../models/ports/capability.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import type { FoundFile } from '../storage/bounds.ts'
import type { LibraryFile } from '../storage/library-file.ts'

/** The original of a photo, as the pipeline is told of it. Its time is for photos that do not say when they were taken. */
export type LocatedOriginal = Pick<LibraryFile, 'modifiedMs' | 'withFile'>

/** The file of a picture as steps may know it, whether it is a photo of the library or not. It is only read. */
export interface PictureFile extends FoundFile {
  readonly format: PhotoFormat
  /** absent: the file’s own */
  readonly modifiedMs?: number
  /** look at this part alone, in fractions of the upright picture */
  readonly crop?: Box
}

export interface StepInput<C extends StepCapability | undefined> {
  readonly file: PictureFile
  /** The decoded picture, decoded at the first call of the analysis and shared by all its steps. */
  picture(): Promise<Picture>
  readonly model: C extends StepCapability ? StepModels[C] : undefined
  readonly signal: AbortSignal
}

/** A step that had nothing to do says why, in words for a person. */
export class Skipped {
  readonly reason: Message
  constructor(reason: Message) {
    this.reason = reason
  }
}

export interface Step<Result = unknown, C extends StepCapability | undefined = StepCapability | undefined> {
  readonly name: StepName
  /** Raise it when the result would differ: every photo becomes due again. */
  readonly version: number
  /** Steps whose saved results this one rests on. If one of them failed, this one is skipped. */
  readonly needs: readonly StepName[]
  /** Steps that must have ended before this one, whether they failed or not (it reads what they saved, if anything). */
  readonly after: readonly StepName[]
  readonly lane: Lane
  readonly capability: C
  readonly timeoutMs: number
  /** Sees pixels and a model, never the database. Runs in the analysis process. The result must survive structured clone. */
  run?(input: StepInput<C>): Promise<Result | Skipped>
  /**
   * What of the result lies beside the database: put there before `save`, in the process of the library. It is put whole or not at all.
   * @returns what is left for `save`
   */
  keep?(renditions: BlobStore, sha256: string, result: Result): Promise<Result>
  /** Sees a transaction and the result, never a model. Replaces what an earlier run saved. A step without `run` does its work here (`result` is undefined). */
  save(trx: Trx, photoId: number, result: Result, who: { readonly modelId: string | null }): Promise<void>
}

export function defineStep<Result, const C extends StepCapability | undefined = undefined>(
  step: Omit<Step<Result, C>, 'after' | 'lane' | 'capability' | 'timeoutMs'> & {
    after?: readonly StepName[]
    lane?: Lane
    capability?: C
    timeoutMs?: number
  },
): Step<Result, C> {
  return { after: [], lane: 'analyse', timeoutMs: 60_000, ...step, capability: step.capability as C }
}
