/** @file Checks of files against their hashes. */
import { z } from 'zod'
import { CheckReport, CheckRequest, FileProblem, VerifyReport, VerifyRequest } from '../verify.ts'
import { paging, type Route } from './route.ts'

export const VERIFY_ROUTES = {
  getVerify: {
    method: 'GET',
    path: '/api/verify',
    tag: 'library',
    access: 'own',
    summary: 'Get the progress of the check of all files, and the result of the last one',
    answer: VerifyReport,
  },
  startVerify: {
    method: 'POST',
    path: '/api/verify',
    tag: 'library',
    access: 'own',
    summary: 'Check every original, thumbnail, and preview against its hash, or continue a paused check',
    body: VerifyRequest,
    answer: VerifyReport,
  },
  pauseVerify: {
    method: 'POST',
    path: '/api/verify/pause',
    tag: 'library',
    access: 'own',
    summary: 'Pause the check; it continues from where it stopped',
    answer: VerifyReport,
  },
  listFileProblems: {
    method: 'GET',
    path: '/api/verify/problems',
    tag: 'library',
    access: 'own',
    summary: 'List damaged, missing, and unreadable originals, newest first',
    query: paging,
    answer: z.object({ problems: z.array(FileProblem), total: z.number().int() }),
  },
  checkFiles: {
    method: 'POST',
    path: '/api/verify/check',
    tag: 'library',
    access: 'own',
    summary: 'Check the files of these photos now, or of all with a problem; the problems of those found right are cleared',
    limit: 'export',
    body: CheckRequest,
    answer: CheckReport,
  },
} as const satisfies Record<string, Route>
