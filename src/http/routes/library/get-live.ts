/** @file GET /live */
import type { Handler } from '../../handler.ts'

export const getLive: Handler<'getLive'> = async () => ({ status: 'ok' })
