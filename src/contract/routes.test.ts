/** @file No route of one part of the table hides one of another. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mayUse, NOBODY, OWNER, SYSTEM } from '../domain/actor.ts'
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

test('every route says who may use it; what only the machine’s owner decides is not for members', () => {
  const routes = Object.entries<Route>(ROUTES)
  expect(routes.filter(([, { access }]) => !['anyone', 'member', 'owner'].includes(access)).map(([name]) => name)).toEqual([])
  expect(routes.filter(([, { access }]) => access === 'anyone').map(([name]) => name)).toEqual(['getLive'])
  const ofOwner = new Set(routes.filter(([, { access }]) => access === 'owner').map(([name]) => name))
  for (const name of ['addSource', 'startBackup', 'useModel', 'endSession', 'useDescriber', 'emptyTrash']) expect(ofOwner).toContain(name)
})

test('an actor may do nothing that no row allows', () => {
  const read = (access: string | undefined) => [OWNER, SYSTEM, NOBODY].map((actor) => mayUse(actor, access as Access))
  expect(read('anyone')).toEqual([true, true, true])
  expect(read('member')).toEqual([true, false, false])
  expect(read('owner')).toEqual([true, false, false])
  expect(read(undefined)).toEqual([false, false, false])
  expect(read('reviewer')).toEqual([false, false, false])
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
