/** @file The handlers of `contract/routes/edits.ts`; the compiler says which is missing. */
import type { EDIT_ROUTES } from '../../contract/routes/edits.ts'
import type { HandlersOf } from '../handler.ts'
import { addCategory } from '../routes/categories/add-category.ts'
import { changeCategory } from '../routes/categories/change-category.ts'
import { mergeCategory } from '../routes/categories/merge-category.ts'
import { removeCategory } from '../routes/categories/remove-category.ts'
import { getEdit } from '../routes/edits/get-edit.ts'
import { listEdits } from '../routes/edits/list-edits.ts'
import { makeEdit } from '../routes/edits/make-edit.ts'
import { undoEdit } from '../routes/edits/undo-edit.ts'
import { addWord } from '../routes/tags/add-word.ts'
import { listVocabulary } from '../routes/tags/list-vocabulary.ts'
import { listWords } from '../routes/tags/list-words.ts'
import { removeWord } from '../routes/tags/remove-word.ts'
import { setThreshold } from '../routes/tags/set-threshold.ts'

export const editHandlers = {
  makeEdit,
  listEdits,
  getEdit,
  undoEdit,
  addCategory,
  changeCategory,
  mergeCategory,
  listVocabulary,
  addWord,
  listWords,
  setThreshold,
  removeWord,
  removeCategory,
} satisfies HandlersOf<typeof EDIT_ROUTES>
