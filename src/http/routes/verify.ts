/** @file The handlers of `contract/routes/verify.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { VERIFY_ROUTES } from '../../contract/routes/verify.ts'
import type { HandlersOf } from '../handler.ts'

export const verifyHandlers = {
  getVerify: ({ actor, services }) => services.verify.report(actor.sees),
  startVerify: ({ body, services }) => services.verify.begin({ mbPerSecond: body?.mb_per_second }),
  pauseVerify: ({ services }) => services.verify.pause(),
  listFileProblems: ({ actor, query, services }) => services.verify.problems(actor.sees, query),
  checkFiles: ({ actor, body, services }) => services.verify.check(actor.sees, body?.ids),
} satisfies HandlersOf<typeof VERIFY_ROUTES>
