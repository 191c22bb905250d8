/** @file The handlers of `contract/routes/access.ts`; the compiler says which is missing. */
import type { ACCESS_ROUTES } from '../../contract/routes/access.ts'
import type { HandlersOf } from '../handler.ts'
import { endSession } from '../routes/access/end-session.ts'
import { listSessions } from '../routes/access/list-sessions.ts'
import { logOut } from '../routes/access/log-out.ts'

export const accessHandlers = { listSessions, endSession, logOut } satisfies HandlersOf<typeof ACCESS_ROUTES>
