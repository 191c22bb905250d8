/** @file The three pictures of a photo as bytes: its renditions inline, its original as a download. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PhotoFormat, RenditionKind } from '../../../contract/words.ts'
import type { Actor } from '../../../domain/actor.ts'
import { FototecaError } from '../../../domain/errors.ts'
import { renditionKey } from '../../../storage/keys.ts'
import { sendBlob, sendLibraryFile } from '../../send-blob.ts'
import { contentDisposition, sendFile } from '../../send-file.ts'
import type { Services } from '../../services.ts'

interface Request {
  readonly actor: Actor
  readonly id: number
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly services: Services
}

/** Renditions are made by us (WebP), so they may be shown inline. With `?v=` the URL changes with the picture. */
export async function sendRendition(kind: RenditionKind, { actor, id, request, reply, services }: Request): Promise<FastifyReply> {
  const sha256 = await services.library.sha256(actor.sees, id)
  if (sha256 === undefined) throw noPhoto(id)
  const file = { store: services.files.renditions, key: renditionKey(sha256, kind), type: 'image/webp' }
  const size = await services.library.renditionSizes(id)
  if (await sendBlob(request, reply, { ...file, bytes: size?.[kind] })) return reply
  // it may have been made anew since its size was read
  const now = await services.library.renditionSizes(id, true)
  if (now?.[kind] === undefined) throw new FototecaError('not_found', `photo ${id} has no ${kind} (yet); /api/photos/${id} says why`)
  if (now[kind] !== size?.[kind] && (await sendBlob(request, reply, { ...file, bytes: now[kind] }))) return reply
  throw await services.verify.reportRendition(id)
}

/** Whatever came in goes out, as a download that no browser runs. */
export async function sendOriginal({ actor, id, request, reply, services }: Request): Promise<FastifyReply> {
  const photo = await services.library.photoFile(actor.sees, id)
  if (!photo) throw noPhoto(id)
  const original = await services.ingest.locate(id)
  const how = {
    type: photo.format === null ? 'application/octet-stream' : ORIGINAL_TYPES[photo.format],
    headers: { 'content-disposition': contentDisposition(photo.filename) },
  }
  const sent = original && (await sendLibraryFile(request, reply, original, how))
  if (!sent) throw await services.verify.explain(id)
  return reply
}

/** A copy of the original with what the library says of it written into it; gone once it is sent. */
export async function sendCopyWithMetadata({ actor, id, request, reply, services }: Request): Promise<FastifyReply> {
  const photo = await services.library.photoFile(actor.sees, id)
  if (!photo) throw noPhoto(id)
  if (!(await services.ingest.locate(id))) throw await services.verify.explain(id)
  const copy = await services.files.copyWithMetadata(id)
  reply.raw.once('close', () => void copy[Symbol.asyncDispose]())
  const sent = await sendFile(request, reply, {
    path: copy.path,
    type: photo.format === null ? 'application/octet-stream' : ORIGINAL_TYPES[photo.format],
    cacheControl: 'no-store',
    headers: { 'content-disposition': contentDisposition(photo.filename) },
  })
  if (!sent) throw new FototecaError('internal', 'the copy with metadata vanished before it was sent')
  return reply
}

export const noPhoto = (id: number): FototecaError => new FototecaError('not_found', `there is no photo ${id}`)

const ORIGINAL_TYPES: Readonly<Record<PhotoFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  heic: 'image/heic',
  cr2: 'image/x-canon-cr2',
  cr3: 'image/x-canon-cr3',
  nef: 'image/x-nikon-nef',
  arw: 'image/x-sony-arw',
  dng: 'image/x-adobe-dng',
  raf: 'image/x-fuji-raf',
  orf: 'image/x-olympus-orf',
  rw2: 'image/x-panasonic-rw2',
}
