/** @file POST /api/verify/check */
import type { Handler } from '../../handler.ts'

export const checkFiles: Handler<'checkFiles'> = ({ body, services }) => services.verify.check(body?.ids)
