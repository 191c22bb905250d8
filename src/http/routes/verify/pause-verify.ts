/** @file POST /api/verify/pause */
import type { Handler } from '../../handler.ts'

export const pauseVerify: Handler<'pauseVerify'> = ({ services }) => services.verify.pause()
