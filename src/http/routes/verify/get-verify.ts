/** @file GET /api/verify */
import type { Handler } from '../../handler.ts'

export const getVerify: Handler<'getVerify'> = ({ services }) => services.verify.report()
