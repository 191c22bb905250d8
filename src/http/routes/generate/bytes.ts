/** @file The bytes of made pictures: one, or the ZIP of a run, written while it is sent. */
import { FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'
import { sendLibraryFile } from '../../send-blob.ts'
import { sendZip } from '../../send-zip.ts'

const TYPES: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' }

export const getGenerated: Handler<'getGenerated'> = async ({ params, query, request, reply, services }) => {
  const { file, ending } = await services.generations.picture(params.id, request.isByLink ? (query.v ?? '') : undefined)
  if (!(await sendLibraryFile(request, reply, file, { type: TYPES[ending] ?? 'image/png' })))
    throw new FototecaError('not_found', 'the file of this picture is not there any more')
  return reply
}

export const getGenerationZip: Handler<'getGenerationZip'> = async ({ params, request, reply, services }) =>
  sendZip(request, reply, `fototeca product pictures ${params.id}.zip`, await services.generations.zip(params.id))
