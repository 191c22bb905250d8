/** @file POST /api/edits */
import { FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'
import { readIfMatch } from '../../photo-tag.ts'

export const makeEdit: Handler<'makeEdit'> = async ({ body, request, services }) => {
  const version = readIfMatch(request.headers['if-match'])
  if (version === undefined) return services.edits.make(body)
  try {
    return await services.edits.make({ ...body, version })
  } catch (error) {
    // of an edit that is begun only another version is a conflict
    if (error instanceof FototecaError && error.code === 'conflict') throw new FototecaError('changed', error.message, { cause: error })
    throw error
  }
}
