/** @file What the library and a trial process say to each other. */
import type { ModelTask } from '../../contract/words.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import type { Runtime } from '../onnx/session.ts'
import type { TriedModel } from '../tasks.ts'

export interface TrialRequest {
  readonly task: ModelTask
  readonly folder: string
  /** ways to run it, the first of which must work; the fastest is kept */
  readonly runtimes: readonly Runtime[]
}

export interface TrialResult extends TriedModel {
  readonly runtime: Runtime
}

/** `soFar` is what holds if nothing more comes: larger runs are tried until memory ends, which may end the process. */
export type TrialAnswer =
  | { readonly soFar: TrialResult }
  | { readonly result: TrialResult }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } }
