/** @file Which model answers for each capability: for the ledger, for the analyser, and in words. */
import type { z } from 'zod'
import type { ModelReport } from '../contract/library.ts'
import type { StepTask } from '../contract/words.ts'
import type { DescribeService } from '../describe/describe-service.ts'
import type { ActiveModel, ModelChoice } from '../models/chosen/active-models.ts'
import type { ModelService } from '../models/model-service.ts'
import type { StepCapability } from '../models/ports/capability.ts'
import { PLAIN_CUTTER_INFO } from '../models/providers/builtin-cut-out/index.ts'
import { BUILTIN_INFO, type ModelOptions } from '../models/registry.ts'

/** Steps whose model is one of several to choose from. */
const TASK_OF = { 'find-faces': 'faces', 'find-objects': 'detect', tag: 'tag' } as const satisfies Partial<Record<StepCapability, StepTask>>

/** Null: none is there, so what asks for it waits. */
export function modelIdOf(models: ModelService, capability: StepCapability): string | null {
  if (capability === 'embed-image') return models.active()?.info.id ?? null
  const choice: ModelChoice = capability in TASK_OF ? models.chosen(TASK_OF[capability as keyof typeof TASK_OF]) : { kind: 'built-in' }
  if (choice.kind === 'built-in') return BUILTIN_INFO[capability]?.id ?? null
  return choice.kind === 'installed' ? choice.info.id : null
}

export function placeOfEmbedding(model: ActiveModel | null): ModelOptions['embedding'] {
  if (model === null) return null
  return model.folder === null ? 'built-in' : { folder: model.folder, threads: model.threads, batch: model.batch }
}

export function placeOf(choice: ModelChoice): ModelOptions['chosen'][StepTask] {
  if (choice.kind === 'built-in') return 'built-in'
  return choice.kind === 'installed' ? { folder: choice.folder, threads: choice.threads } : { missing: choice.reason }
}

/** Off is no fault: nobody asked for descriptions. */
export function reportDescriber(describe: DescribeService): z.infer<typeof ModelReport> {
  const info = describe.active()?.gate.describer.info
  return { capability: 'describe', model: info?.id ?? null, licence: info?.licence ?? null, notice: describe.notice() }
}

/** Which model answers for each capability, or why none does. */
export function reportModels(models: ModelService): z.infer<typeof ModelReport>[] {
  const reader = {
    capability: 'read-text' as const,
    model: BUILTIN_INFO['read-text'].id,
    licence: BUILTIN_INFO['read-text'].licence,
    notice: null,
  }
  const chosen = (['find-objects', 'tag', 'find-faces'] as const).map((capability) => {
    const choice = models.chosen(TASK_OF[capability])
    const info = choice.kind === 'built-in' ? BUILTIN_INFO[capability] : choice.kind === 'installed' ? choice.info : null
    return { capability, model: info?.id ?? null, licence: info?.licence ?? null, notice: choice.kind === 'missing' ? choice.reason : null }
  })
  const active = models.active()
  const embedding = (['embed-image', 'embed-text'] as const).map((capability) => ({
    capability,
    model: active?.info.id ?? null,
    licence: active?.info.licence ?? null,
    notice: models.notice(),
  }))
  const cutter = models.chosen('cut-out')
  const info = cutter.kind === 'installed' ? cutter.info : PLAIN_CUTTER_INFO
  const notice = cutter.kind === 'missing' ? `${cutter.reason}. Until then the built-in one cuts out` : null
  return [...chosen, reader, ...embedding, { capability: 'cut-out' as const, model: info.id, licence: info.licence, notice }]
}
