/** @file Accounts, sessions of browsers, API keys, and the audit log. */
import { z } from 'zod'
import { AccountName, AccountReport, AuditReport, Invitation, KeyReport, KeyScope, Me, Password, Role, SessionReport } from '../accounts.ts'
import { byId, type Route } from './route.ts'

const Gone = z.object({ id: z.number().int() })
const WithInvitation = AccountReport.extend({
  invitation: Invitation.nullable().describe('link to choose a password; null: the account has one'),
})

export const ACCESS_ROUTES = {
  getMe: {
    method: 'GET',
    path: '/api/me',
    tag: 'access',
    access: 'see',
    summary: 'Get the account that makes this request, and what it may do',
    answer: Me,
  },
  changePassword: {
    method: 'POST',
    path: '/api/me/password',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Change your password; your other sessions end',
    body: z.object({ old: z.string().max(1000), password: Password }),
    answer: z.object({ changed: z.literal(true) }),
  },
  listAccounts: {
    method: 'GET',
    path: '/api/accounts',
    tag: 'access',
    access: 'own',
    summary: 'List all accounts; empty: nobody has to sign in',
    answer: z.object({ accounts: z.array(AccountReport) }),
  },
  addAccount: {
    method: 'POST',
    path: '/api/accounts',
    tag: 'access',
    access: 'own',
    summary:
      'Add an account. The first one must be an owner with a password; from then on everybody signs in, and this browser is signed in as that owner',
    body: z.object({
      name: AccountName,
      role: Role,
      password: Password.optional().describe('default: none; the answer has a link to choose one'),
    }),
    answer: WithInvitation,
  },
  changeAccount: {
    method: 'PATCH',
    path: '/api/accounts/:id',
    tag: 'access',
    access: 'own',
    summary: 'Rename an account, change its role, or disable or enable it. One owner must remain',
    params: byId,
    body: z.object({ name: AccountName.optional(), role: Role.optional(), disabled: z.boolean().optional() }),
    answer: AccountReport,
  },
  removeAccount: {
    method: 'DELETE',
    path: '/api/accounts/:id',
    tag: 'access',
    access: 'own',
    summary: 'Delete an account with its sessions and API keys; photos and history stay. One owner must remain',
    params: byId,
    answer: Gone,
  },
  inviteAccount: {
    method: 'POST',
    path: '/api/accounts/:id/invite',
    tag: 'access',
    access: 'own',
    summary: 'Create a new link to choose a password, also for somebody who forgot it; it works once, for seven days',
    params: byId,
    answer: WithInvitation,
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    tag: 'access',
    access: 'see',
    summary: 'List your signed-in browsers: this one first, then the most recently used; empty if nobody has to sign in',
    answer: z.object({ sessions: z.array(SessionReport) }),
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/:id',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Sign a browser out',
    params: byId,
    answer: Gone,
  },
  logOut: {
    method: 'POST',
    path: '/api/logout',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Sign this browser out',
    answer: z.object({ ended: z.boolean().describe('false: the request came without a session') }),
  },
  listKeys: {
    method: 'GET',
    path: '/api/keys',
    tag: 'access',
    access: 'see',
    summary: 'List your API keys; owners see all',
    answer: z.object({ keys: z.array(KeyReport) }),
  },
  makeKey: {
    method: 'POST',
    path: '/api/keys',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Create an API key for a program, to be sent as `Authorization: Bearer <key>`; it is shown only once',
    body: z.object({
      name: z.string().trim().min(1).max(100).describe('what it is for'),
      scopes: z.array(KeyScope).min(1).max(6),
      days: z.number().int().min(1).max(3650).nullable().default(null).describe('days until it expires; null: never'),
      account: z.number().int().optional().describe('id of another account; owners only'),
    }),
    answer: KeyReport.extend({ key: z.string() }),
  },
  endKey: {
    method: 'DELETE',
    path: '/api/keys/:id',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Revoke an API key; owners can revoke any',
    params: byId,
    answer: Gone,
  },
  listAudit: {
    method: 'GET',
    path: '/api/audit',
    tag: 'access',
    access: 'own',
    summary:
      'List the audit log, newest first: who did what from where (sign-ins, accounts, keys, settings, folders, deletions, downloads); kept for a year',
    query: z.object({
      text: z.string().max(100).optional().describe('text in the account’s name, the action, or the address'),
      before: z.coerce.number().int().min(1).optional().describe('only entries older than this id'),
      limit: z.coerce.number().int().min(1).max(1000).default(100).describe('maximum number of entries'),
    }),
    answer: z.object({ entries: z.array(AuditReport) }),
  },
} as const satisfies Record<string, Route>
