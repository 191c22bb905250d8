/** @file fototeca users: who may sign in, their API keys, and what they did. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'
import {
  type AccountReport,
  type Invitation,
  type KeyReport,
  type KeyScope,
  PERMISSIONS,
  ROLES,
  type Role,
} from '../../contract/accounts.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Api } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { readPassword } from '../read-password.ts'

type WithInvitation = AccountReport & { readonly invitation: z.infer<typeof Invitation> | null }

const ROLE_NAMES = Object.keys(ROLES) as Role[]

export function addUsers(program: Command, context: CliContext): void {
  const users = program
    .command('users')
    .description('let people sign in, and take that back; as long as there is nobody, nobody has to sign in')
    .addHelpText(
      'after',
      '\nRoles: viewer (sees everything), contributor (uploads, too), reviewer (approves made product pictures, too), ' +
        'editor (changes photos, albums, people, and products, too), owner (everything).\n\nExamples:\n' +
        '  fototeca users add Ana --role owner --password\n  fototeca users add Ben --role viewer\n  fototeca users invite Ben\n  fototeca users role Ben editor\n' +
        '  fototeca users keys add "Photo frame" --for Ben --scope see\n  fototeca users audit --text signIn',
    )
  users
    .command('list', { isDefault: true })
    .description('list accounts')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listAccounts'))
      context.print(answer, () => renderAccounts(answer.accounts))
    })
  users
    .command('add')
    .description('add an account; without --password the person chooses one by the link that is printed')
    .argument('<name>')
    .addOption(new Option('--role <role>', 'what the person may do').choices(ROLE_NAMES).default('viewer'))
    .option('--password', 'ask for a password now, or read it from a pipe')
    .action(async (name: string, options: { role: Role; password?: true }) => {
      const { role } = options
      const password = options.password ? { password: await readPassword(process.stdin, context.deps.stderr) } : {}
      const [answer, url] = await context.withApi(async (api, at) => [
        await api.call('addAccount', { body: { name, role, ...password } }),
        at,
      ])
      context.print(answer, () => renderInvited(answer, url))
    })
  users
    .command('invite')
    .description('print a new link by which a person chooses a password, also one who forgot it')
    .argument('<name>')
    .action(async (name: string) => {
      const [answer, url] = await context.withApi(async (api, at) => [
        await api.call('inviteAccount', { params: { id: await findAccount(api, name) } }),
        at,
      ])
      context.print(answer, () => renderInvited(answer, url))
    })
  users
    .command('role')
    .description('give an account another role')
    .argument('<name>')
    .argument('<role>', ROLE_NAMES.join(', '))
    .action(async (name: string, role: Role) => change(name, { role }))
  users
    .command('rename')
    .description('rename an account')
    .argument('<name>')
    .argument('<new name>')
    .action(async (name: string, newName: string) => change(name, { name: newName }))
  users
    .command('disable')
    .description('keep an account from signing in; what is open ends at once')
    .argument('<name>')
    .action(async (name: string) => change(name, { disabled: true }))
  users
    .command('enable')
    .description('let a disabled account in again')
    .argument('<name>')
    .action(async (name: string) => change(name, { disabled: false }))
  users
    .command('remove')
    .description('remove an account with its sessions and API keys; photos and history stay')
    .argument('<name>')
    .action(async (name: string) => {
      const answer = await context.withApi(async (api) => api.call('removeAccount', { params: { id: await findAccount(api, name) } }))
      context.print(answer, () => `${toPlainText(name)} was removed`)
    })

  async function change(name: string, body: { name?: string; role?: Role; disabled?: boolean }): Promise<void> {
    const answer = await context.withApi(async (api) => api.call('changeAccount', { params: { id: await findAccount(api, name) }, body }))
    context.print(answer, () => renderAccounts([answer]))
  }

  const keys = users.command('keys').description('API keys of programs: Authorization: Bearer <key>')
  keys
    .command('list', { isDefault: true })
    .description('list API keys, without the keys themselves')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listKeys'))
      context.print(answer, () => renderKeys(answer.keys))
    })
  keys
    .command('add')
    .description('make an API key; it is printed this once')
    .argument('<name>', 'what it is for')
    .requiredOption('--for <account>', 'whose it is: it can be used for nothing its account may not do')
    .addOption(
      new Option('--scope <scope...>', 'what it may be used for; described: only the paths of the described systems')
        .choices([...PERMISSIONS, 'described'])
        .default(['see']),
    )
    .option('--days <n>', 'how long it works; without it, it has no end', readDays)
    .action(async (name: string, options: { for: string; scope: KeyScope[]; days?: number }) => {
      const answer = await context.withApi(async (api) =>
        api.call('makeKey', {
          body: { name, scopes: options.scope, days: options.days ?? null, account: await findAccount(api, options.for) },
        }),
      )
      context.print(answer, () => answer.key)
    })
  keys
    .command('remove')
    .description('revoke an API key')
    .argument('<id>', 'as in the list')
    .action(async (id: string) => {
      const answer = await context.withApi((api) => api.call('endKey', { params: { id } }))
      context.print(answer, () => `key ${answer.id} was revoked`)
    })

  users
    .command('audit')
    .description('who did what from where, the newest first')
    .option('--text <text>', 'in the name of the account, the action, or the address')
    .option('--limit <n>', 'how many', '100')
    .action(async ({ text, limit }: { text?: string; limit: string }) => {
      const answer = await context.withApi((api) => api.call('listAudit', { query: { limit, ...(text === undefined ? {} : { text }) } }))
      context.print(answer, () =>
        formatTable([
          ['when', 'who', 'what', 'status', 'from', ''],
          ...answer.entries.map(({ at, by, action, target, status, address }) => [
            at,
            toPlainText(by === '' ? '–' : by),
            action,
            String(status),
            address,
            toPlainText(
              Object.entries(target)
                .map(([key, value]) => `${key} ${String(value)}`)
                .join(', '),
            ),
          ]),
        ]),
      )
    })
}

function readDays(text: string): number {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1) throw new InvalidArgumentError('give a whole number of days.')
  return days
}

async function findAccount(api: Api, name: string): Promise<number> {
  const { accounts } = await api.call('listAccounts')
  const account = accounts.find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
  if (account === undefined) throw new FototecaError('not_found', `there is no account ${JSON.stringify(name)}`)
  return account.id
}

function renderAccounts(accounts: readonly AccountReport[]): string {
  if (accounts.length === 0)
    return 'nobody has an account, so nobody has to sign in; add the first: fototeca users add <name> --role owner --password'
  return formatTable([
    ['name', 'role', 'state', 'last seen'],
    ...accounts.map(({ name, role, state, last_seen_at }) => [toPlainText(name), role, state, last_seen_at ?? '–']),
  ])
}

function renderInvited({ name, invitation }: WithInvitation, url: string | null): string {
  if (invitation === null) return `${toPlainText(name)} can sign in`
  const address = url === null ? `the address of your server, followed by ${invitation.path}` : new URL(invitation.path, url).href
  return `${toPlainText(name)} chooses a password here, until ${invitation.expires_at}:\n${address}`
}

function renderKeys(keys: readonly KeyReport[]): string {
  if (keys.length === 0) return 'no API keys'
  return formatTable([
    ['id', 'name', 'account', 'scopes', 'last used', 'ends'],
    ...keys.map(({ id, name, account, scopes, last_used_at, expires_at }) => [
      String(id),
      toPlainText(name),
      toPlainText(account ?? 'token'),
      scopes.join(', '),
      last_used_at ?? '–',
      expires_at ?? '–',
    ]),
  ])
}
