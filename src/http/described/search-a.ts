/** @file System A: GET /search and POST /search/image-to-image. The same search as `/api/search`, told in A’s words. */
import type { SearchAnswer } from '../../contract/search.ts'
import type { Answer, Call, Handler } from '../handler.ts'
import { noPhoto } from '../routes/photos/send-photo.ts'

export const searchA: Handler<'searchA'> = async ({ actor, query, services }) => {
  const { q, top_k, mode, format: _format, ...filters } = query
  // A answers the nearest `top_k`, however far;
  // without a model that reads words, search answers by keyword and says so in `notice`
  return present(q, await services.search(actor.sees, { ...filters, q, mode, all: true, limit: top_k }), { actor, services })
}

export const similarA: Handler<'similarA'> = async ({ actor, query, services }) => {
  const id = query.reference_photo_id
  if ((await services.library.sha256(actor.sees, id)) === undefined) throw noPhoto(id)
  const answer = await services.search(actor.sees, { q: '', mode: 'hybrid', like: id, all: true, limit: query.top_k })
  return present(`photo ${id}`, answer, { actor, services })
}

async function present(
  query: string,
  answer: SearchAnswer,
  { actor, services }: Pick<Call<'searchA'>, 'actor' | 'services'>,
): Promise<Answer<'searchA'>> {
  const briefs = new Map(
    (
      await services.library.briefsA(
        actor.sees,
        answer.hits.map((hit) => hit.photo.id),
      )
    ).map((brief) => [brief.id, brief]),
  )
  const results = answer.hits.map(({ photo, why }) => ({
    photo_id: photo.id,
    filename: photo.filename,
    tags: briefs.get(photo.id)?.tags ?? [],
    caption: briefs.get(photo.id)?.caption ?? null,
    distance: toL2(why.find((reason) => reason.cosine_distance !== null)?.cosine_distance ?? null),
  }))
  const { did_you_mean: offer } = answer
  const offered = offer === null ? [] : [`No match for “${offer.typed.join('”, “')}”. Did you mean “${offer.q}”?`]
  const notice = [...(answer.notice === null ? [] : [answer.notice]), ...offered].join(' ') || null
  return { query, results, total_results: results.length, notice }
}

/** A’s distance between unit vectors: √(2 − 2·cosine) = √(2 · cosine distance). */
function toL2(cosineDistance: number | null): number | null {
  return cosineDistance === null ? null : Math.sqrt(2 * Math.max(0, cosineDistance))
}
