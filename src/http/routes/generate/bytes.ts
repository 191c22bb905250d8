/** @file The bytes of made pictures: one, or the ZIP of a run, written while it is sent. */
import { FototecaError } from '../../../domain/errors.ts'
import { openInside } from '../../../storage/bounds.ts'
import type { Handler } from '../../handler.ts'
import { sendFile } from '../../send-file.ts'
import { sendZip } from '../../send-zip.ts'

const TYPES: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' }

export const getGenerated: Handler<'getGenerated'> = async ({ params, query, request, reply, services }) => {
  const { path, bounds, ending } = await services.generations.picture(params.id, request.isByLink ? (query.v ?? '') : undefined)
  const held = await openInside(path, bounds).catch(() => null)
  if (held) reply.raw.once('close', () => void held[Symbol.asyncDispose]())
  const sent = held && (await sendFile(request, reply, { path: held.path, type: TYPES[ending] ?? 'image/png' }))
  if (!sent) throw new FototecaError('not_found', 'the file of this picture is not there any more')
  return reply
}

export const getGenerationZip: Handler<'getGenerationZip'> = async ({ params, request, reply, services }) =>
  sendZip(request, reply, `fototeca product pictures ${params.id}.zip`, await services.generations.zip(params.id))
