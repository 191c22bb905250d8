/** @file The handlers of `contract/routes/trash.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { TRASH_ROUTES } from '../../contract/routes/trash.ts'
import type { HandlersOf } from '../handler.ts'

export const trashHandlers = {
  getTrash: ({ actor, query, services }) => services.trash.list(actor.sees, query),
  restoreTrash: ({ actor, body, services }) => services.trash.restore(actor, body.ids),
  emptyTrash: ({ actor, body, services }) => services.trash.empty(actor, body),
} satisfies HandlersOf<typeof TRASH_ROUTES>
