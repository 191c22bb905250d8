/** @file The handlers of `contract/routes/edits.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { EDIT_ROUTES } from '../../contract/routes/edits.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { HandlersOf } from '../handler.ts'
import { readIfMatch } from '../photo-tag.ts'
import { readCategory } from './edits/read-category.ts'

export const editHandlers = {
  makeEdit: async ({ actor, body, request, services }) => {
    const version = readIfMatch(request.headers['if-match'])
    if (version === undefined) return services.edits.make(actor, body)
    try {
      return await services.edits.make(actor, { ...body, version })
    } catch (error) {
      // of an edit that is begun only another version is a conflict
      if (error instanceof FototecaError && error.code === 'conflict') throw new FototecaError('changed', error.message, { cause: error })
      throw error
    }
  },
  listEdits: async ({ actor, query, services }) => ({
    edits: await services.edits.list(actor.sees, query.skip, query.limit),
  }),
  getEdit: ({ actor, params, services }) => services.edits.get(actor.sees, params.id),
  undoEdit: ({ actor, params, services }) => services.edits.undo(actor, params.id),
  addCategory: async ({ actor, body, services }) => readCategory(services, actor.sees, await services.categories.add(body)),
  changeCategory: async ({ actor, params, body, services }) => {
    await services.categories.change(params.id, body)
    return readCategory(services, actor.sees, params.id)
  },
  mergeCategory: async ({ actor, params, body, services }) => {
    await services.categories.merge(params.id, body.into)
    return readCategory(services, actor.sees, body.into)
  },
  listVocabulary: ({ services }) => services.words.list(),
  addWord: ({ actor, body, services }) => services.words.add(actor, body),
  listWords: ({ actor, query, services }) => services.words.find(actor.sees, query),
  setThreshold: ({ actor, params, body, services }) => services.words.setThreshold(actor, params.word, body.threshold),
  removeWord: ({ actor, params, services }) => services.words.remove(actor, params.word),
  removeCategory: async ({ params, services }) => {
    await services.categories.remove(params.id)
    return { id: params.id }
  },
} satisfies HandlersOf<typeof EDIT_ROUTES>
