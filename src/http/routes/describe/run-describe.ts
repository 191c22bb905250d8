/** @file POST /api/describe/run */
import type { Handler } from '../../handler.ts'

export const runDescribe: Handler<'runDescribe'> = ({ body, services }) => services.describe.run(body)
