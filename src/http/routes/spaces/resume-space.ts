/** @file POST /api/spaces/:id/resume */
import type { Handler } from '../../handler.ts'

export const resumeSpace: Handler<'resumeSpace'> = ({ params, services }) => services.spaces.resume(params.id)
