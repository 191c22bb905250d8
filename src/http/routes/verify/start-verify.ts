/** @file POST /api/verify */
import type { Handler } from '../../handler.ts'

export const startVerify: Handler<'startVerify'> = ({ body, services }) => services.verify.begin({ mbPerSecond: body?.mb_per_second })
