/** @file System A: POST /upload, one picture. Its tags come when it has been analysed: `wait` waits for that, and `GET /photo/{id}` tells them. */
import type { UploadResult } from '../../contract/library.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Handler } from '../handler.ts'
import { waitFor } from './wait-for.ts'

export const uploadA: Handler<'uploadA'> = async ({ actor, query, files, reply, leavePlace, services }) => {
  let first: UploadResult | undefined
  let more = 0
  for await (const file of files) {
    const result = await services.ingest.upload(file.stream, file.filename)
    if (first) more += 1
    else first = result
  }
  if (!first) throw new FototecaError('invalid', 'file: send a picture as a multipart part named `file`')
  const { id, filename, message } = first
  leavePlace()
  const { standing } = await waitFor(id, query.wait, null, { actor, reply, services })
  const [brief] = await services.library.briefsA(actor.sees, [id])
  return {
    id,
    filename,
    tags: brief?.tags ?? [],
    caption: brief?.caption ?? null,
    message: more === 0 ? message : `${message} (and ${more} more; POST /api/photos answers for each)`,
    state: standing?.state ?? 'pending',
  }
}
