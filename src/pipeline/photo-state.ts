/** @file Derives where a photo stands from its ledger rows. Pure; the only place that knows the rule. */
import type { PhotoState, StepName, StepState } from '../contract/words.ts'
import { STEP_NAMES } from '../contract/words.ts'

/** Which state a person sees while a step is the first unfinished one; null: other lanes’ steps do not hold a photo back. */
const STATE_OF_STEP = {
  prepare: 'preprocessing',
  metadata: 'preprocessing',
  colours: 'preprocessing',
  look: 'preprocessing',
  objects: 'processing_objects',
  labels: 'processing_objects',
  embedding: 'processing_embeddings',
  ocr: 'processing_ocr',
  faces: 'processing_faces',
  hash: 'processing_hash',
  duplicates: 'checking_duplicates',
  tags: null,
  description: null,
  inspiration: null,
} as const satisfies Record<StepName, PhotoState | null>

export type StepStates = ReadonlyMap<StepName, StepState>

/**
 * `pending` while it waits, also to be analysed again (its old results serve meanwhile); while it is worked on, the state of the first
 * unfinished step: steps run side by side, and those that ended before an earlier one are passed over (ADR 89);
 * then `failed` when the picture itself could not be prepared, `partial` when another step failed for good, else `completed`.
 */
export function derivePhotoState(steps: StepStates): PhotoState {
  const states = [...steps].filter(([name]) => STATE_OF_STEP[name] !== null).map(([, state]) => state)
  if (states.length === 0) return 'pending'
  const isWorkedOn = states.includes('running')
  if (!isWorkedOn && states.includes('due')) return 'pending'
  for (const name of isWorkedOn ? STEP_NAMES : []) {
    const state = steps.get(name)
    const shown = STATE_OF_STEP[name]
    if (shown !== null && (state === 'due' || state === 'running')) return shown
  }
  if (steps.get('prepare') === 'failed') return 'failed'
  return [...steps.values()].includes('failed') ? 'partial' : 'completed'
}
