/** @file GET /api/describe */
import type { Handler } from '../../handler.ts'

export const getDescribe: Handler<'getDescribe'> = ({ services }) => services.describe.report()
