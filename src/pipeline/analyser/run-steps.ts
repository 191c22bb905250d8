/** @file Runs the asked steps of one picture over one decode: each as soon as what it needs is there. No database here. */
import { message } from '../../contract/messages/message.ts'
import type { StepName } from '../../contract/words.ts'
import { FototecaError, messageOf } from '../../domain/errors.ts'
import { findSystemCode } from '../../domain/outage.ts'
import type { Picture } from '../../media/picture.ts'
import { type Models, NoModel } from '../../models/model-set.ts'
import { type PictureFile, Skipped, type Step } from '../step.ts'
import type { StepOutcome } from './protocol.ts'

export interface RunStepsDeps {
  readonly steps: Readonly<Record<StepName, Step>>
  readonly decode: (file: PictureFile, signal: AbortSignal) => Promise<Picture>
  readonly models: Pick<Models, 'get'>
  readonly onStarted: (step: StepName) => void
  readonly onFinished: (step: StepName, outcome: StepOutcome) => void
}

/** Runs `names` (registry order) for one picture. Never throws: every step ends in an outcome. */
export async function runSteps(
  deps: RunStepsDeps,
  file: PictureFile,
  names: readonly StepName[],
  isSequential: boolean,
  signal: AbortSignal,
): Promise<void> {
  let decoded: Promise<Picture> | undefined
  const picture = () => {
    decoded ??= deps.decode(file, signal)
    return decoded
  }
  const started = new Map<StepName, Promise<StepOutcome>>()
  for (const name of names) {
    const step = deps.steps[name]
    const work = (async (): Promise<StepOutcome> => {
      await Promise.all(step.after.map((other) => started.get(other)))
      const blocker = await findFailed(step.needs, started)
      const outcome: StepOutcome = blocker
        ? { state: 'skipped', reason: message('step.blocked', { step: blocker }), modelId: null, durationMs: 0 }
        : await runStep(deps, step, file, picture, signal)
      deps.onFinished(name, outcome)
      return outcome
    })()
    started.set(name, work)
    if (isSequential) await work
  }
  await Promise.all(started.values())
}

async function findFailed(needs: readonly StepName[], started: ReadonlyMap<StepName, Promise<StepOutcome>>): Promise<StepName | undefined> {
  for (const need of needs) if ((await started.get(need))?.state === 'failed') return need
  return undefined
}

async function runStep(
  deps: RunStepsDeps,
  step: Step,
  file: PictureFile,
  picture: () => Promise<Picture>,
  signal: AbortSignal,
): Promise<StepOutcome> {
  deps.onStarted(step.name)
  const startedAt = performance.now()
  const duration = () => performance.now() - startedAt
  let modelId: string | null = null
  try {
    const model = step.capability === undefined ? undefined : await deps.models.get(step.capability)
    if (model instanceof NoModel) return { state: 'skipped', reason: model.reason, modelId, durationMs: duration() }
    modelId = model?.info.id ?? null
    if (!step.run) throw new Error(`step ${step.name} has nothing to run here`)
    const result = await step.run({ file, picture, model, signal })
    return result instanceof Skipped
      ? { state: 'skipped', reason: result.reason, modelId, durationMs: duration() }
      : { state: 'done', result, modelId, durationMs: duration() }
  } catch (error) {
    const isRetryable = error instanceof FototecaError && error.retryable
    const systemCode = findSystemCode(error)
    return { state: 'failed', reason: messageOf(error), isRetryable, systemCode, modelId, durationMs: duration() }
  }
}
