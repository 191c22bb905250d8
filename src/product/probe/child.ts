/**
 * @file The probe process: decodes a picture that was just sent and says all that is asked of it before it is taken. Apart from the
 * library, so that a hostile file ends this process alone; apart from the analysis, so that an upload waits for no backlog. Forked by `client.ts`.
 */

import { open } from 'node:fs/promises'
import { writeCompiledCode } from '../../config/compiled-code.ts'
import { describeError, FototecaError } from '../../domain/errors.ts'
import { readJpegQuality } from '../../domain/product/jpeg-quality.ts'
import { readSaidMaker, SAID_BYTES } from '../../domain/product/said-maker.ts'
import { measureShot, SHOT_MAX_SIDE } from '../../domain/product/shot.ts'
import { decodePicture } from '../../media/decode.ts'
import { askParentForDecodeMemory } from '../../media/decode-children.ts'
import { encodePixels } from '../../media/encode-jpeg.ts'
import { hashPicture } from '../../media/hash-picture.ts'
import type { Picture } from '../../media/picture.ts'
import { type Models, NoModel } from '../../models/model-set.ts'
import { BUILT_IN, createModels } from '../../models/registry.ts'
import { lookAt } from '../../pipeline/steps/look/look-at.ts'
import { mendPixels } from './mend.ts'
import type { FromProbe, MendTask, Probed, ProbeOptions, ProbeRequest, ToProbe } from './protocol.ts'

let options: ProbeOptions | undefined
let models: Models | undefined

const tell = (message: FromProbe): void => {
  process.send?.(message)
}

async function probe(request: ProbeRequest & { readonly id: number }): Promise<Probed> {
  if (!options || !models) throw new Error('probe before configure')
  const picture = await decode(request, options)
  const [hash, look, shotPixels, embedded, jpeg, { head, tail }] = await Promise.all([
    hashPicture(picture),
    lookAt(picture),
    picture.fit(SHOT_MAX_SIDE),
    embed(models, picture),
    request.jpegSide === null ? null : picture.fit(request.jpegSide).then(encodePixels),
    readEnds(request.path),
  ])
  const jpegQuality = readJpegQuality(head)
  const maker = readSaidMaker([head, tail])
  const shot = { ...measureShot(shotPixels, picture), ...(jpegQuality === null ? {} : { jpegQuality }), maker }
  return { hash, look, shot, jpeg, ...embedded }
}

const decode = (
  { id, path, format }: { readonly id: number } & Pick<ProbeRequest, 'path' | 'format'>,
  { maxPixels, maxBytes, decodeTimeoutMs }: ProbeOptions,
) => decodePicture(path, format, { maxPixels, maxBytes, timeoutMs: decodeTimeoutMs, owner: id }, new AbortController().signal)

/** The beginning and the end of the file; of a small one the beginning is all. */
async function readEnds(path: string): Promise<{ head: Uint8Array; tail: Uint8Array }> {
  await using file = await open(path)
  const { size } = await file.stat()
  const read = async (from: number, length: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from)
    return buffer.subarray(0, bytesRead)
  }
  const head = Math.min(size, SAID_BYTES.head)
  const tail = Math.min(size - head, SAID_BYTES.tail)
  return { head: await read(0, head), tail: await read(size - tail, tail) }
}

async function mend(task: MendTask & { readonly id: number }): Promise<Uint8Array> {
  if (!options) throw new Error('mend before configure')
  const picture = await decode(task, options)
  return mendPixels(picture, task)
}

/** A model that fails costs the comparison by meaning, not the upload. */
async function embed(from: Models, picture: Picture): Promise<Pick<Probed, 'embedding' | 'embeddingProblem'>> {
  try {
    const model = await from.get('embed-image')
    if (model instanceof NoModel) return { embedding: null, embeddingProblem: null }
    return { embedding: { space: model.space, vector: await model.embedImage(picture), modelId: model.info.id }, embeddingProblem: null }
  } catch (error) {
    return { embedding: null, embeddingProblem: describeError(error) }
  }
}

askParentForDecodeMemory()
process.on('message', (message: ToProbe) => {
  if (message.type === 'configure') {
    options = message.options
    models = createModels({ device: options.device, embedding: options.embedding, chosen: BUILT_IN })
    return
  }
  if (message.type !== 'probe' && message.type !== 'mend') return // for the memory of decodes
  const { id } = message
  const answer =
    message.type === 'probe'
      ? probe(message).then((found): FromProbe => ({ type: 'probed', id, found }))
      : mend(message).then((jpeg): FromProbe => ({ type: 'mended', id, jpeg }))
  answer
    .then(tell, (error: unknown) =>
      tell({ type: 'failed', id, code: error instanceof FototecaError ? error.code : 'internal', message: describeError(error) }),
    )
    .then(writeCompiledCode)
})
// the library is gone: nobody waits for an answer
process.on('disconnect', () => process.exit(0))
