/** @file POST /api/describe/pause */
import type { Handler } from '../../handler.ts'

export const pauseDescribe: Handler<'pauseDescribe'> = ({ services }) => services.describe.pause()
