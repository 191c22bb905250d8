/** @file No route of one part of the table hides one of another. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mayUse, NOBODY, OWNER, SYSTEM } from '../domain/actor.ts'
import { type KeyScope, PERMISSIONS, type Role } from './accounts.ts'
import type { Access, Route } from './routes/route.ts'
import { ROUTES } from './routes.ts'

test('every part is in the table, no name and no method with path is there twice', async () => {
  const folder = join(import.meta.dirname, 'routes')
  const files = readdirSync(folder).filter((name) => name !== 'route.ts')
  const parts = await Promise.all(files.map(async (name) => Object.values(await import(join(folder, name)))[0] as Record<string, Route>))
  const names = parts.flatMap((part) => Object.keys(part))
  expect(parts.length).toBeGreaterThan(5)
  expect(names.sort()).toEqual(Object.keys(ROUTES).sort())
  const addresses = Object.values<Route>(ROUTES).map((route) => `${route.method} ${route.path.replaceAll(/:\w+/g, ':')}`)
  expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([])
})

test('every route that takes an upload has a limit', () => {
  const unlimited = Object.entries<Route>(ROUTES).filter(([, route]) => route.upload && route.limit === undefined)
  expect(unlimited.map(([name]) => name)).toEqual([])
})

test('every route says what it demands; what only the machine’s owner decides, and whatever costs money, is for owners', () => {
  const routes = Object.entries<Route>(ROUTES)
  expect(routes.filter(([, { access }]) => access !== 'anyone' && !PERMISSIONS.includes(access)).map(([name]) => name)).toEqual([])
  expect(routes.filter(([, { access }]) => access === 'anyone').map(([name]) => name)).toEqual(['getLive'])
  const ofOwner = new Set(routes.filter(([, { access }]) => access === 'own').map(([name]) => name))
  const owned = [
    'addSource',
    'startBackup',
    'useModel',
    'useDescriber',
    'emptyTrash',
    'addAccount',
    'listAudit',
    'runDescribe',
    'startComparison',
  ]
  for (const name of owned) expect(ofOwner).toContain(name)
})

test('whoever only sees changes nothing: what changes or takes something demands more, but for one’s own access and what answers a question', () => {
  const ofViewers = Object.entries<Route>(ROUTES)
    .filter(([, { access, method, tag }]) => access === 'see' && method !== 'GET' && tag !== 'access')
    .map(([name]) => name)
  expect(ofViewers.sort()).toEqual(['compareDuplicates', 'prepareDownload', 'prepareExport', 'searchByPicture', 'similarA'])
})

test('an actor may do nothing that no row allows, and a key nothing beyond its account', () => {
  const by = { session: null, sees: OWNER.sees }
  const account = (role: Role, scopes: readonly KeyScope[] | null = null) =>
    ({ kind: 'account', id: 1, name: 'Ana', role, scopes, ...by }) as const
  const read = (access: string | undefined, tag: Route['tag'] = 'photos', method: Route['method'] = 'POST') =>
    Object.entries({
      owner: OWNER,
      system: SYSTEM,
      nobody: NOBODY,
      viewer: account('viewer'),
      contributor: account('contributor'),
      reviewer: account('reviewer'),
      editor: account('editor'),
      ownerAccount: account('owner'),
      widerKey: account('viewer', ['see', 'edit', 'own']),
      seeKey: account('owner', ['see']),
      describedKey: account('editor', ['described']),
    })
      .filter(([, actor]) => mayUse(actor, { access: access as Access, tag, method }))
      .map(([name]) => name)
  const everybody = ['owner', 'viewer', 'contributor', 'reviewer', 'editor', 'ownerAccount', 'widerKey', 'seeKey']
  expect(read('anyone')).toHaveLength(11)
  expect(read('see')).toEqual(everybody)
  expect(read('add')).toEqual(['owner', 'contributor', 'editor', 'ownerAccount'])
  expect(read('review')).toEqual(['owner', 'reviewer', 'editor', 'ownerAccount'])
  expect(read('edit')).toEqual(['owner', 'editor', 'ownerAccount'])
  expect(read('own')).toEqual(['owner', 'ownerAccount'])
  expect(read('edit', 'described systems')).toEqual(['owner', 'editor', 'ownerAccount', 'describedKey'])
  expect(read('own', 'described systems')).toEqual(['owner', 'ownerAccount'])
  expect(read('see', 'access')).toEqual(everybody.filter((name) => !name.endsWith('Key')))
  expect(read('see', 'access', 'GET')).toEqual(everybody)
  expect(read(undefined)).toEqual([])
  expect(read('member')).toEqual([])
})

test('only what may be kept says so: pictures, files, and answers with a tag to ask again by; and for ever only where the address names its version', () => {
  const kept = Object.entries<Route>(ROUTES).filter(([, { cache }]) => cache !== undefined)
  expect(
    kept
      .filter(
        ([, { method, answer, cache, tagged }]) => method !== 'GET' || (typeof answer !== 'string' && (cache !== 'checked' || !tagged)),
      )
      .map(([name]) => name),
  ).toEqual([])
  expect(kept.filter(([, { cache, query }]) => cache === 'versioned' && !('v' in (query?.shape ?? {}))).map(([name]) => name)).toEqual([])
})
