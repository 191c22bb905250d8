/** @file The handlers of `contract/routes/trash.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { TRASH_ROUTES } from '../../contract/routes/trash.ts'
import type { HandlersOf } from '../handler.ts'

export const trashHandlers = {
  getTrash: ({ query, services }) => services.trash.list(query),
  restoreTrash: ({ body, services }) => services.trash.restore(body.ids),
  emptyTrash: ({ body, services }) => services.trash.empty(body),
} satisfies HandlersOf<typeof TRASH_ROUTES>
