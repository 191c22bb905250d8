/** @file What may be chosen between beside the embedding model: a person’s word for each task, what is built in, and the capability both have. */
import type { CatalogueModel } from '../../contract/library.ts'
import type { Capability, ChosenTask } from '../../contract/words.ts'

export const CHOSEN = {
  faces: { what: 'face model', builtin: 'face-api', capability: 'find-faces' },
  tag: { what: 'tagger', builtin: 'words', capability: 'tag' },
  detect: { what: 'detector', builtin: 'centernet', capability: 'find-objects' },
  'cut-out': { what: 'cutter', builtin: 'plain-background', capability: 'cut-out' },
} as const satisfies Record<ChosenTask, { what: string; builtin: string; capability: Capability }>

/** The task whose built-in model this is; null where there is nothing to choose between. */
export function builtinTaskOf(model: Pick<CatalogueModel, 'capabilities'>): ChosenTask | null {
  const found = Object.entries(CHOSEN).find(([, { capability }]) => model.capabilities.includes(capability))
  return found ? (found[0] as ChosenTask) : null
}
