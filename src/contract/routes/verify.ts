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
    summary: 'How far the check of all files has come, and what the last one found',
    answer: VerifyReport,
  },
  startVerify: {
    method: 'POST',
    path: '/api/verify',
    tag: 'library',
    access: 'own',
    summary: 'Read every original, thumbnail, and preview and compare it with its hash; goes on with a pass that was paused',
    body: VerifyRequest,
    answer: VerifyReport,
  },
  pauseVerify: {
    method: 'POST',
    path: '/api/verify/pause',
    tag: 'library',
    access: 'own',
    summary: 'Stop reading; the pass goes on where it was when it is started again',
    answer: VerifyReport,
  },
  listFileProblems: {
    method: 'GET',
    path: '/api/verify/problems',
    tag: 'library',
    access: 'own',
    summary: 'Originals that are damaged, missing, or unreadable, newest first',
    query: paging,
    answer: z.object({ problems: z.array(FileProblem), total: z.number().int() }),
  },
  checkFiles: {
    method: 'POST',
    path: '/api/verify/check',
    tag: 'library',
    access: 'own',
    summary: 'Read the files of these photos now, or of all that have a problem: one that is right again is no problem any more',
    limit: 'export',
    body: CheckRequest,
    answer: CheckReport,
  },
} as const satisfies Record<string, Route>
