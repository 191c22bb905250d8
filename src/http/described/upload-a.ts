/** @file System A: POST /upload, one picture. Its tags come when it has been analysed; `GET /photo/{id}` tells them. */
import type { UploadResult } from '../../contract/library.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Handler } from '../handler.ts'

export const uploadA: Handler<'uploadA'> = async ({ files, services }) => {
  let first: UploadResult | undefined
  let more = 0
  for await (const file of files) {
    const result = await services.ingest.upload(file.stream, file.filename)
    if (first) more += 1
    else first = result
  }
  if (!first) throw new FototecaError('invalid', 'file: send a picture as a multipart part named `file`')
  const [brief] = await services.library.briefsA([first.id])
  return {
    id: first.id,
    filename: first.filename,
    tags: brief?.tags ?? [],
    caption: brief?.caption ?? null,
    message: more === 0 ? first.message : `${first.message} (and ${more} more; POST /api/photos answers for each)`,
  }
}
