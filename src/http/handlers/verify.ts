/** @file The handlers of `contract/routes/verify.ts`; the compiler says which is missing. */
import type { VERIFY_ROUTES } from '../../contract/routes/verify.ts'
import type { HandlersOf } from '../handler.ts'
import { checkFiles } from '../routes/verify/check-files.ts'
import { getVerify } from '../routes/verify/get-verify.ts'
import { listFileProblems } from '../routes/verify/list-file-problems.ts'
import { pauseVerify } from '../routes/verify/pause-verify.ts'
import { startVerify } from '../routes/verify/start-verify.ts'

export const verifyHandlers = {
  getVerify,
  startVerify,
  pauseVerify,
  listFileProblems,
  checkFiles,
} satisfies HandlersOf<typeof VERIFY_ROUTES>
