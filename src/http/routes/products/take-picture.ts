/** @file POST /api/products/pictures: what system D’s two uploads do, in one, in the library’s own words. */
import { FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'
import { readBase } from '../../read-base.ts'
import { takeFirst } from '../../take-first.ts'

export const takePicture: Handler<'takePicture'> = async ({ query, files, request, services }) => {
  const options = { website: query.store ?? 'alya', kind: query.kind ?? null, checkDuplicate: query.check_duplicate ?? true, topK: 1 }
  const taken = await takeFirst({ files, services }, () => options)
  const like = taken.likes[0]
  const id = taken.end === 'new' ? taken.picture.id : like?.picture.id
  if (id === undefined) throw new FototecaError('internal', 'a duplicate of nothing')
  const picture = await services.catalogue.get(id, readBase(request))
  return {
    duplicate: taken.end === 'duplicate',
    picture,
    kind: taken.end === 'duplicate' ? (like?.kind ?? null) : null,
    space: taken.space,
    filling: await services.products.filling(),
  }
}
