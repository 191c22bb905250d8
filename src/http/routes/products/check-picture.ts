/** @file POST /api/products/check: how a picture stands to a store, without taking it. */
import type { Handler } from '../../handler.ts'
import { readBase } from '../../read-base.ts'
import { withFirst } from '../../take-first.ts'

export const checkPicture: Handler<'checkPicture'> = async ({ query, files, request, services }) => {
  const options = { website: query.store, topK: query.top_k }
  const { end, space, likes } = await withFirst({ files, services }, (staged) => services.products.check(staged, options))
  const pictures = await services.products.present(
    likes.map(({ picture }) => picture.id),
    readBase(request),
  )
  return {
    verdict: end,
    space,
    filling: await services.products.filling(),
    likes: pictures.map((picture) => {
      const like = likes.find((one) => one.picture.id === picture.id)
      return { kind: like?.kind ?? null, cosine_distance: like?.distance ?? 0, picture }
    }),
  }
}
