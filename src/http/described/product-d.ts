/** @file System D: POST /generate_caption, POST /image_similarity_search, POST and DELETE /delete_image. Options come in the query or the form. */
import type { z } from 'zod'
import { CaptionOptionsD, SimilarityOptionsD } from '../../contract/described-products.ts'
import { FototecaError } from '../../domain/errors.ts'
import { endOfLink } from '../../domain/link-end.ts'
import type { Call, Handler } from '../handler.ts'
import { readBase } from '../read-base.ts'
import { takeFirst } from '../take-first.ts'
import { readValid } from '../validate.ts'
import { waitFor } from './wait-for.ts'

/** The grade waits for the photo’s text; with a long queue before it the answer says that it is not final. */
const GRADE_WAIT_S = 60

/** Fields of the form win over the query. @throws FototecaError `invalid` */
const readOptions = <S extends z.ZodType>(schema: S, query: object, fields: Readonly<Record<string, string>>): z.output<S> =>
  readValid(schema, { ...withoutUndefined(query), ...fields })

const withoutUndefined = (values: object) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

export const captionD: Handler<'captionD'> = async ({ actor, query, fields, files, request, reply, leavePlace, services }) => {
  const taken = await takeFirst({ files, services }, () => {
    const { website, type, check_duplicate } = readOptions(CaptionOptionsD, query, fields)
    return { website, kind: type, checkDuplicate: check_duplicate === 'yes', topK: 1 }
  })
  const base = readBase(request)
  if (taken.end === 'duplicate') {
    const [like] = taken.likes
    if (!like?.kind) throw new FototecaError('internal', 'a duplicate of nothing')
    const s3_url = await services.products.urlOf(like.picture, base)
    return {
      display_name: like.picture.displayName,
      s3_url,
      s3_url_expires_at: endOfLink(s3_url),
      duplicate: 'duplicate found' as const,
      id: like.picture.id,
      duplicate_kind: like.kind,
      distance: like.distance,
      space: taken.space,
    }
  }
  const notice = await services.products.describe(taken.picture, taken.probed)
  leavePlace()
  const { isSettled } = await waitFor(taken.picture.photoId, GRADE_WAIT_S, ['ocr'], { actor, reply, services })
  const [picture] = await services.products.present([taken.picture.id], base)
  if (!picture) throw new FototecaError('not_found', 'the picture was deleted meanwhile')
  const { name, description, attributes, prompt, colour } = picture.words
  return {
    display_name: picture.display_name,
    generated_name: name.value,
    quality: picture.grade,
    quality_reasons: picture.grade_reasons.map(({ what, measured }) => `${what}: ${measured}`),
    quality_is_final: isSettled,
    description: description.value,
    attributes: attributes.value,
    prompt: prompt.value,
    color: colour.value,
    s3_url: picture.url,
    s3_url_expires_at: picture.url_expires_at,
    id: picture.id,
    held: picture.state === 'held',
    space: taken.space,
    sources: {
      generated_name: name.said_by,
      description: description.said_by,
      attributes: attributes.said_by,
      prompt: prompt.said_by,
      color: colour.said_by,
    },
    models: picture.described_by,
    notice,
  }
}

export const similarD: Handler<'similarD'> = async ({ query, fields, files, request, services }) => {
  const taken = await takeFirst({ files, services }, () => {
    const { website, top_k, check_duplicate } = readOptions(SimilarityOptionsD, query, fields)
    return { website, kind: null, checkDuplicate: check_duplicate === 'yes', topK: top_k }
  })
  const base = readBase(request)
  const { space } = taken
  if (taken.end === 'new') {
    const { picture } = taken
    const s3_url = await services.products.urlOf(picture, base)
    return {
      duplicate_found: false as const,
      image_name: picture.key,
      s3_url,
      s3_url_expires_at: endOfLink(s3_url),
      id: picture.id,
      held: picture.state === 'held',
      space,
    }
  }
  const results = await Promise.all(
    taken.likes.map(async ({ picture, kind, distance }) => {
      const path = await services.products.urlOf(picture, base)
      return { id: picture.id, distance, path, path_expires_at: endOfLink(path), kind }
    }),
  )
  return { duplicate_found: true as const, results, space }
}

async function deletePicture({ query, body, request, services }: Call<'deleteImageD'> | Call<'postDeleteImageD'>) {
  const { id, s3_url } = { ...withoutUndefined(query), ...withoutUndefined(body ?? {}) } as { id?: number; s3_url?: string }
  if (id === undefined && s3_url === undefined) throw new FototecaError('invalid', 'id or s3_url: say which picture')
  const found = await services.products.find(id === undefined ? { url: s3_url ?? '' } : { id })
  const picture = await services.products.trash(found.id)
  return {
    id: picture.id,
    s3_url: await services.products.urlOf(picture, readBase(request)),
    deleted: true as const,
    message: `it is in the trash; POST /api/products/pictures/${picture.id}/restore puts it back`,
  }
}

export const deleteImageD: Handler<'deleteImageD'> = (call) => deletePicture(call)
export const postDeleteImageD: Handler<'postDeleteImageD'> = (call) => deletePicture(call)
