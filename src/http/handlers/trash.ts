/** @file The handlers of `contract/routes/trash.ts`; the compiler says which is missing. */
import type { TRASH_ROUTES } from '../../contract/routes/trash.ts'
import type { HandlersOf } from '../handler.ts'
import { emptyTrash } from '../routes/trash/empty-trash.ts'
import { getTrash } from '../routes/trash/get-trash.ts'
import { restoreTrash } from '../routes/trash/restore-trash.ts'

export const trashHandlers = { getTrash, restoreTrash, emptyTrash } satisfies HandlersOf<typeof TRASH_ROUTES>
