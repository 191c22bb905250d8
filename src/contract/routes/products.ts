/** @file Product pictures: the stores they lie in. */
import { z } from 'zod'
import type { Route } from './route.ts'

export const PRODUCT_ROUTES = {
  getStored: { method: 'GET', path: '/stores/:store/*', tag: 'products', summary: 'A picture of a store that has no public address of its own', params: z.object({ store: z.string().min(1).max(63), '*': z.string().min(1).max(900) }), answer: 'bytes' },
} as const satisfies Record<string, Route> // biome-ignore format: a table
