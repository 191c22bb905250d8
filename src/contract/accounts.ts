/** @file People with an account: what each role may do, and what is told about accounts, sessions, API keys, and the audit log. */
import { z } from 'zod'

/**
 * What a route demands. `see`: reads the library. `add`: uploads. `review`: judges made product pictures. `edit`: changes photos, albums, people,
 * and products. `own`: decides about the machine, its folders, models, spending, and accounts.
 */
export const PERMISSIONS = ['see', 'add', 'review', 'edit', 'own'] as const
export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = {
  viewer: ['see'],
  contributor: ['see', 'add'],
  reviewer: ['see', 'review'],
  editor: ['see', 'add', 'review', 'edit'],
  owner: PERMISSIONS,
} as const satisfies Record<string, readonly Permission[]>
export type Role = keyof typeof ROLES
export const Role = z
  .enum(Object.keys(ROLES) as [Role, ...Role[]])
  .describe(
    'viewer: sees everything; contributor: uploads, too; reviewer: approves made product pictures, too; editor: changes photos, albums, people, and products, too; owner: everything',
  )

export const MIN_PASSWORD = 10
export const MAX_PASSWORD = 200
export const Password = z.string().min(MIN_PASSWORD).max(MAX_PASSWORD).describe('any characters; a few words make a good one')

export const AccountName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}/\\]+$/u, 'a name has no slashes and no invisible characters')
  .describe('as the person signs in; upper and lower case are the same')

export const Invitation = z.object({
  path: z.string().describe('the page of this server where the person chooses a password; it works once'),
  expires_at: z.iso.datetime(),
})

export const AccountReport = z.object({
  id: z.number().int(),
  name: z.string(),
  role: Role,
  state: z.enum(['active', 'invited', 'disabled']).describe('invited: no password was chosen yet; disabled: cannot sign in'),
  created_at: z.iso.datetime().describe('when it was created (ISO 8601)'),
  last_seen_at: z.iso.datetime().nullable(),
})
export type AccountReport = z.infer<typeof AccountReport>

export const Me = z.object({
  kind: z
    .enum(['open', 'token', 'account'])
    .describe('open: nobody has to sign in here; token: with FOTOTECA_TOKEN, or on the command line of this machine; account: a person'),
  account: AccountReport.nullable(),
  may: z.array(z.enum(PERMISSIONS)),
})

export const SessionReport = z.object({
  id: z.number().int(),
  device: z.string().describe('browser and operating system, from its User-Agent'),
  created_at: z.iso.datetime().describe('when it was created (ISO 8601)'),
  last_used_at: z.iso.datetime(),
  current: z.boolean().describe('true: the session of this request'),
})

export const KeyScope = z
  .enum([...PERMISSIONS, 'described'])
  .describe('what the key may be used for; described: only the paths of the described systems, and the pictures they name')
export type KeyScope = z.infer<typeof KeyScope>

export const KeyReport = z.object({
  id: z.number().int(),
  name: z.string(),
  account: z.string().nullable().describe('whose it is; null: it was made with the token'),
  scopes: z.array(KeyScope),
  created_at: z.iso.datetime().describe('when it was created (ISO 8601)'),
  last_used_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable().describe('null: it has no end'),
})
export type KeyReport = z.infer<typeof KeyReport>

export const AuditReport = z.object({
  id: z.number().int(),
  at: z.iso.datetime(),
  by: z.string().describe('the name of the account; `owner` for the token and the command line of this machine; empty for nobody'),
  action: z.string().describe('the name of the route as in the documentation of the API, or `signIn`, `signInFailed`, `join`'),
  target: z.record(z.string(), z.unknown()).describe('what it was done to: the parameters of the path'),
  status: z.number().int().describe('the status of the answer'),
  address: z.string().describe('the network address it came from'),
})
