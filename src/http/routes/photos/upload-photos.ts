/** @file POST /api/photos: each file is answered for itself; one refused file does not stop the others. */
import { toProblem } from '../../errors.ts'
import type { Answer, Handler } from '../../handler.ts'

export const uploadPhotos: Handler<'uploadPhotos'> = async ({ files, request, services, log }) => {
  const photos: Answer<'uploadPhotos'>['photos'] = []
  let failure: unknown
  for await (const file of files) {
    try {
      photos.push(await services.ingest.upload(file.stream, file.filename))
    } catch (error) {
      if (request.raw.destroyed && !request.raw.readableEnded) throw error // the client is gone: nobody reads an answer
      failure ??= error
      const { detail, code, isFault } = toProblem(error)
      if (isFault) log.error({ err: error, filename: file.filename }, 'an upload failed')
      photos.push({ filename: file.filename, detail, code })
    }
  }
  const isNoneTaken = photos.every((photo) => 'code' in photo)
  // one file, refused: its own status; and so where the disk or the database is the reason for all
  if (failure !== undefined && isNoneTaken && (photos.length === 1 || toProblem(failure).status >= 500)) throw failure
  return { photos }
}
