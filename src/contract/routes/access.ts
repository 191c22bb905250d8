/** @file Accounts, sessions of browsers, API keys, and the audit log. */
import { z } from 'zod'
import { AccountName, AccountReport, AuditReport, Invitation, KeyReport, KeyScope, Me, Password, Role, SessionReport } from '../accounts.ts'
import { byId, type Route } from './route.ts'

const Gone = z.object({ id: z.number().int() })
const WithInvitation = AccountReport.extend({
  invitation: Invitation.nullable().describe('null: the account has a password'),
})

export const ACCESS_ROUTES = {
  getMe: {
    method: 'GET',
    path: '/api/me',
    tag: 'access',
    access: 'see',
    summary: 'Who asks, and what they may do',
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
    summary: 'Everybody who may sign in; none: nobody has to',
    answer: z.object({ accounts: z.array(AccountReport) }),
  },
  addAccount: {
    method: 'POST',
    path: '/api/accounts',
    tag: 'access',
    access: 'own',
    summary:
      'Let a person in. The first account must be an owner with a password: from then on everybody signs in, and this browser is signed in as that owner',
    body: z.object({
      name: AccountName,
      role: Role,
      password: Password.optional().describe('left out: the answer has a link by which the person chooses one'),
    }),
    answer: WithInvitation,
  },
  changeAccount: {
    method: 'PATCH',
    path: '/api/accounts/:id',
    tag: 'access',
    access: 'own',
    summary: 'Rename an account, give it another role, disable it or let it in again. One owner must be left',
    params: byId,
    body: z.object({ name: AccountName.optional(), role: Role.optional(), disabled: z.boolean().optional() }),
    answer: AccountReport,
  },
  removeAccount: {
    method: 'DELETE',
    path: '/api/accounts/:id',
    tag: 'access',
    access: 'own',
    summary: 'Remove an account with its sessions and API keys; photos and history stay. One owner must be left',
    params: byId,
    answer: Gone,
  },
  inviteAccount: {
    method: 'POST',
    path: '/api/accounts/:id/invite',
    tag: 'access',
    access: 'own',
    summary: 'A new link by which the person chooses a password, also one who forgot it; it works once, for seven days',
    params: byId,
    answer: WithInvitation,
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    tag: 'access',
    access: 'see',
    summary: 'Your browsers that are signed in: this one, then the last used; none where nobody has to sign in',
    answer: z.object({ sessions: z.array(SessionReport) }),
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/:id',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Sign one of your browsers out',
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
    summary: 'Your API keys; an owner sees everybody’s',
    answer: z.object({ keys: z.array(KeyReport) }),
  },
  makeKey: {
    method: 'POST',
    path: '/api/keys',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Make an API key for a program, sent as `Authorization: Bearer <key>`; it is told this once',
    body: z.object({
      name: z.string().trim().min(1).max(100).describe('what it is for'),
      scopes: z.array(KeyScope).min(1).max(6),
      days: z.number().int().min(1).max(3650).nullable().default(null).describe('how long it works; null: it has no end'),
      account: z.number().int().optional().describe('for another account: owners only'),
    }),
    answer: KeyReport.extend({ key: z.string() }),
  },
  endKey: {
    method: 'DELETE',
    path: '/api/keys/:id',
    tag: 'access',
    access: 'see',
    isAudited: true,
    summary: 'Revoke an API key; an owner can revoke everybody’s',
    params: byId,
    answer: Gone,
  },
  listAudit: {
    method: 'GET',
    path: '/api/audit',
    tag: 'access',
    access: 'own',
    summary:
      'Who did what from where, the newest first: signing in, accounts, keys, settings, folders, deletions, downloads; kept for a year',
    query: z.object({
      text: z.string().max(100).optional().describe('in the name of the account, the action, or the address'),
      before: z.coerce.number().int().min(1).optional().describe('older than the entry with this id'),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    answer: z.object({ entries: z.array(AuditReport) }),
  },
} as const satisfies Record<string, Route>
