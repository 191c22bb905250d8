/** @file No route of one part of the table hides one of another. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Route } from './routes/route.ts'
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
