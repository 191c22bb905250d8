/** @file The handlers of `contract/routes/duplicates.ts`; the compiler says which is missing. */
import type { DUPLICATE_ROUTES } from '../../contract/routes/duplicates.ts'
import type { HandlersOf } from '../handler.ts'
import { applyDuplicates } from '../routes/duplicates/apply-duplicates.ts'
import { compareDuplicates } from '../routes/duplicates/compare-duplicates.ts'
import { decideDuplicateSet } from '../routes/duplicates/decide-duplicate-set.ts'
import { getDuplicateSet } from '../routes/duplicates/get-duplicate-set.ts'
import { getDuplicates } from '../routes/duplicates/get-duplicates.ts'
import { getKeepRules } from '../routes/duplicates/get-keep-rules.ts'
import { listDuplicateSets } from '../routes/duplicates/list-duplicate-sets.ts'
import { setKeepRules } from '../routes/duplicates/set-keep-rules.ts'

export const duplicateHandlers = {
  getDuplicates,
  listDuplicateSets,
  getDuplicateSet,
  decideDuplicateSet,
  applyDuplicates,
  getKeepRules,
  setKeepRules,
  compareDuplicates,
} satisfies HandlersOf<typeof DUPLICATE_ROUTES>
