/** @file POST /api/search/by-picture: the picture is looked at and forgotten; its vectors stay in memory for a while, under a key. */
import { FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'

export const searchByPicture: Handler<'searchByPicture'> = async ({ files, query, services }) => {
  for await (const file of files) return services.searchByPicture(file.stream, query)
  throw new FototecaError('invalid', 'file: send one picture as a multipart part named `file`')
}
