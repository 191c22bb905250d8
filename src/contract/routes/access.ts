/** @file Sessions of browsers. */
import { z } from 'zod'
import { SessionReport } from '../access.ts'
import { byId, type Route } from './route.ts'

export const ACCESS_ROUTES = {
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    tag: 'access',
    access: 'owner',
    summary: 'Browsers that are signed in, the last used first; none where no token is set',
    answer: z.object({ sessions: z.array(SessionReport) }),
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/:id',
    tag: 'access',
    access: 'owner',
    summary: 'Sign a browser out',
    params: byId,
    answer: z.object({ id: z.number().int() }),
  },
  logOut: {
    method: 'POST',
    path: '/api/logout',
    tag: 'access',
    access: 'member',
    summary: 'Sign this browser out',
    answer: z.object({ ended: z.boolean().describe('false: the request came without a session') }),
  },
} as const satisfies Record<string, Route>
