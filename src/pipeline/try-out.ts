/** @file Tries one model on one photo, in a process of its own: what it says is answered and stored nowhere. One at a time. */
import type { CatalogueModel } from '../contract/library.ts'
import { render } from '../contract/messages/message.ts'
import type { StepName } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { builtinTaskOf } from '../models/chosen/chosen-tasks.ts'
import type { FoundFace, FoundLabel, FoundObject } from '../models/ports/capability.ts'
import { BUILT_IN, type ModelOptions } from '../models/registry.ts'
import { Analyser } from './analyser/client.ts'
import type { AnalyserOptions, StepOutcome } from './analyser/protocol.ts'
import { readFormat } from './spaces/store.ts'
import type { LocatedOriginal } from './step.ts'
import type { PhotoEmbedding } from './steps/embedding/store.ts'

export interface TryOutDeps {
  readonly db: Db
  readonly log: Log
  readonly models: {
    /** @throws FototecaError `not_found`, `model_missing` */
    checkUsable(name: string): Promise<CatalogueModel>
    show(name: string): Promise<CatalogueModel>
    folderOf(name: string): { readonly folder: string } | null
  }
  readonly analyserOptions: (models: Pick<ModelOptions, 'embedding' | 'chosen'>) => AnalyserOptions
  readonly timeoutOf: (step: StepName) => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly locate: (photoId: number) => Promise<LocatedOriginal | null>
}

export type TriedOut =
  | { readonly task: 'tag'; readonly ms: number; readonly labels: readonly FoundLabel[] }
  | { readonly task: 'detect'; readonly ms: number; readonly objects: readonly FoundObject[] }
  | { readonly task: 'faces'; readonly ms: number; readonly faces: readonly FoundFace[] }
  | { readonly task: 'embedding'; readonly ms: number; readonly embedding: PhotoEmbedding }

const STEP_OF = { embedding: 'embedding', tag: 'labels', detect: 'objects', faces: 'faces' } as const satisfies Record<string, StepName>

export function createTryOut(deps: TryOutDeps) {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    /** @throws FototecaError `not_found`, `model_missing`, `conflict` (nothing to run), or what is wrong with the model or the picture */
    tryOut(name: string, photoId: number): Promise<TriedOut> {
      const mine = turn.then(() => tryOne(deps, name, photoId))
      turn = mine.catch(() => {})
      return mine
    },
  }
}

async function tryOne(deps: TryOutDeps, name: string, photoId: number): Promise<TriedOut> {
  const model = await deps.models.show(name)
  const task = model.task ?? builtinTaskOf(model)
  if (task === 'cut-out') throw new FototecaError('conflict', `${name} is tried by making a picture on white (Product pictures)`)
  if (task === null || (model.task === null && task === 'tag'))
    throw new FototecaError('conflict', `${name} cannot be tried on one photo: what it says already stands on every photo’s page`)
  // the configuration may fix another model for the library; trying this one changes nothing there
  if (model.task !== null && deps.models.folderOf(name) === null) await deps.models.checkUsable(name)
  const [format, original] = [await readFormat(deps.db, photoId), await deps.locate(photoId)]
  if (!format) throw new FototecaError('not_found', `there is no photo ${photoId}`)
  if (!original) throw new FototecaError('conflict', `the file of photo ${photoId} is not there now`)
  const own = deps.models.folderOf(name)
  const place = own === null ? 'built-in' : { folder: own.folder }
  const models = {
    embedding: task === 'embedding' && own !== null ? { folder: own.folder } : null,
    chosen: task === 'embedding' ? BUILT_IN : { ...BUILT_IN, [task]: place },
  }
  await using analyser = new Analyser({ ...deps, options: () => deps.analyserOptions(models) })
  let outcome: StepOutcome | undefined
  const end = await original.withFile((file) =>
    analyser.analyse({ file: { ...file, format }, steps: [STEP_OF[task]], isSequential: true }, (_, found) => {
      outcome = found
    }),
  )
  if (end.end === 'over-memory') throw new FototecaError('too_large', end.why)
  if (end.end !== 'finished') throw new FototecaError('model_failed', `${name} ended with its process: ${render(end.why)}`)
  if (outcome?.state !== 'done')
    throw new FototecaError('model_failed', `${name}: ${outcome ? render(outcome.reason) : 'nothing was answered'}`)
  const { result, durationMs: ms } = outcome
  switch (task) {
    case 'embedding':
      return { task, ms, embedding: result as PhotoEmbedding }
    case 'tag':
      return { task, ms, labels: result as FoundLabel[] }
    case 'detect':
      return { task, ms, objects: result as FoundObject[] }
    case 'faces':
      return { task, ms, faces: result as FoundFace[] }
  }
}
