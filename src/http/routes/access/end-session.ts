/** @file DELETE /api/sessions/:id */
import { FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'

export const endSession: Handler<'endSession'> = async ({ params, services }) => {
  if (!(await services.sessions.end(params.id))) throw new FototecaError('not_found', `there is no session ${params.id}; it may have ended`)
  return { id: params.id }
}
