/** @file POST /api/describe/cancel */
import type { Handler } from '../../handler.ts'

export const cancelDescribe: Handler<'cancelDescribe'> = ({ services }) => services.describe.cancel()
