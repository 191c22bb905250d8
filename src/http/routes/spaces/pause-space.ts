/** @file POST /api/spaces/:id/pause */
import type { Handler } from '../../handler.ts'

export const pauseSpace: Handler<'pauseSpace'> = ({ params, services }) => services.spaces.pause(params.id)
