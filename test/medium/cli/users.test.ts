/** @file fototeca users: accounts, their roles, invitations, API keys, and the audit log, as a person types them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTestCli } from '../../support/cli.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'

const TOKEN = 'f3a1c09b7d2e4586a0cc91d7e65b8f24'
let database: TestDatabase
let app: Awaited<ReturnType<typeof openTestServer>>

beforeAll(async () => {
  database = await openTestDatabase()
  app = await openTestServer(database, { token: TOKEN })
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})

const run = (...argv: string[]) => runTestCli(app, '/nowhere', ['users', ...argv], { secret: TOKEN })

test('people are let in, renamed, given roles, kept out, and removed', async () => {
  expect((await run()).out).toContain('nobody has an account')
  // the first must be an owner with a password
  const early = await run('add', 'Ben')
  expect(early.code).not.toBe(0)
  expect(early.err).toContain('the first account must be an owner with a password')
  await app.inject({
    method: 'POST',
    url: '/api/accounts',
    headers: { authorization: `Bearer ${TOKEN}` },
    payload: { name: 'Ana', role: 'owner', password: 'three green bottles' },
  })
  const added = await run('add', 'Ben', '--role', 'editor')
  expect(added.out).toMatch(/Ben chooses a password here, until .*\n.*\/join\?code=[\w-]{43}/)
  expect((await run('role', 'ben', 'viewer')).out).toMatch(/Ben +viewer +invited/)
  expect((await run('rename', 'Ben', 'Benno')).out).toContain('Benno')
  expect((await run('disable', 'Benno')).out).toContain('disabled')
  expect((await run('enable', 'Benno')).out).toContain('invited')
  expect((await run('role', 'Benno', 'king')).code).not.toBe(0)
  expect((await run('role', 'Nobody', 'viewer')).err).toContain('there is no account "Nobody"')
  expect((await run('disable', 'Ana')).err).toContain('at least one owner')
  const made = await run('keys', 'add', 'Photo frame', '--for', 'Benno', '--scope', 'see', '--days', '30')
  expect(made.out).toMatch(/^ftk_[\w-]{43}\n$/)
  expect((await run('keys', 'add', 'x', '--for', 'Benno', '--scope', 'own')).err).toContain('viewer')
  expect((await run('keys', 'add', 'x', '--for', 'Benno', '--days', 'many')).err).toContain('whole number of days')
  const keys = JSON.parse((await run('keys', '--json')).out).keys
  expect(keys).toMatchObject([{ name: 'Photo frame', account: 'Benno', scopes: ['see'] }])
  expect((await run('keys', 'remove', String(keys[0].id))).out).toContain('was revoked')
  expect((await run('remove', 'Benno')).out).toContain('was removed')
  expect((await run('list')).out).not.toContain('Benno')
  const audit = (await run('audit', '--limit', '3')).out
  expect(audit).toMatch(/removeAccount +200/)
  expect(audit.trim().split('\n')).toHaveLength(4)
})
