/** @file The handlers of `contract/routes/duplicates.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { DUPLICATE_ROUTES } from '../../contract/routes/duplicates.ts'
import type { HandlersOf } from '../handler.ts'

export const duplicateHandlers = {
  getDuplicates: ({ actor, services }) => services.duplicates.overview(actor.sees),
  listDuplicateSets: ({ actor, query, services }) => services.duplicates.list(actor.sees, query),
  getDuplicateSet: ({ actor, params, services }) => services.duplicates.get(actor.sees, params.id),
  decideDuplicateSet: ({ actor, params, body, services }) => services.duplicates.decide(actor, params.id, body),
  applyDuplicates: ({ actor, body, services }) => services.duplicates.apply(actor, body),
  getKeepRules: async ({ services }) => ({ rules: await services.duplicates.rules() }),
  setKeepRules: async ({ body, services }) => ({
    rules: await services.duplicates.setRules(body.rules),
  }),
  compareDuplicates: ({ actor, services }) => services.duplicates.compareAgain(actor.sees),
} satisfies HandlersOf<typeof DUPLICATE_ROUTES>
