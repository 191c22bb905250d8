/** @file What persons change: photos, categories, the vocabulary. */
import { z } from 'zod'
import { CategoryInput, CategoryPatch, EditReport, EditRequest } from '../edits.ts'
import { CategoryCount } from '../library.ts'
import { Id } from '../photo.ts'
import {
  ThresholdInput,
  VocabularyChange,
  VocabularyInput,
  VocabularyParams,
  VocabularyReport,
  WordList,
  WordsQuery,
} from '../vocabulary.ts'
import { byId, paging, type Route } from './route.ts'

export const EDIT_ROUTES = {
  makeEdit: { method: 'POST', path: '/api/edits', tag: 'edits', access: 'member', summary: 'Change chosen photos, or only count; many are changed in the background', body: EditRequest, answer: EditReport, ifMatch: 'of an edit of one photo: its `ETag` as it was seen, or `*`. Another version is refused with 412' },
  listEdits: { method: 'GET', path: '/api/edits', tag: 'edits', access: 'member', summary: 'What was changed by persons, newest first', query: paging, answer: z.object({ edits: z.array(EditReport) }) },
  getEdit: { method: 'GET', path: '/api/edits/:id', tag: 'edits', access: 'member', summary: 'How far an edit is', params: byId, answer: EditReport },
  undoEdit: { method: 'POST', path: '/api/edits/:id/undo', tag: 'edits', access: 'member', summary: 'Put back what an edit replaced, except where something else was decided since', params: byId, answer: EditReport },
  addCategory: { method: 'POST', path: '/api/categories', tag: 'edits', access: 'member', summary: 'A new category', body: CategoryInput, answer: CategoryCount },
  changeCategory: { method: 'PATCH', path: '/api/categories/:id', tag: 'edits', access: 'member', summary: 'Rename a category, describe it, give it other tags; its photos follow in the background', params: byId, body: CategoryPatch, answer: CategoryCount },
  mergeCategory: { method: 'POST', path: '/api/categories/:id/merge', tag: 'edits', access: 'member', summary: 'Put a category into another one', params: byId, body: z.object({ into: Id }), answer: CategoryCount },
  listVocabulary: { method: 'GET', path: '/api/vocabulary', tag: 'edits', access: 'member', summary: 'The words the library looks for in its pictures', answer: VocabularyReport },
  addWord: { method: 'POST', path: '/api/vocabulary', tag: 'edits', access: 'member', summary: 'Look for one more word; photos follow in the background, none is opened', body: VocabularyInput, answer: VocabularyChange },
  listWords: { method: 'GET', path: '/api/vocabulary/words', tag: 'edits', access: 'member', summary: 'Words of the vocabulary, each with its threshold, what it is a kind of, and its photos', query: WordsQuery, answer: WordList },
  setThreshold: { method: 'PATCH', path: '/api/vocabulary/:word', tag: 'edits', access: 'member', summary: 'Say a word from another score on, or as measured again', params: VocabularyParams, body: ThresholdInput, answer: VocabularyChange },
  removeWord: { method: 'DELETE', path: '/api/vocabulary/:word', tag: 'edits', access: 'member', summary: 'Do not look for a word any more', params: VocabularyParams, answer: VocabularyChange },
  removeCategory: { method: 'DELETE', path: '/api/categories/:id', tag: 'edits', access: 'member', summary: 'Delete a category; photos and tags stay', params: byId, answer: z.object({ id: z.number().int() }) },
} as const satisfies Record<string, Route> // biome-ignore format: a table
