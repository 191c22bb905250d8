/** @file GET /api/trips */
import type { Handler } from '../../handler.ts'

export const listTrips: Handler<'listTrips'> = async ({ services }) => ({ trips: await services.trips() })
