/** @file Product pictures as the outside sees them: grade, readiness and words follow from what was measured and said. */
import { PROFILE_NAMES, WORD_FIELDS, type WordField } from '../contract/product-words.ts'
import type { ProductPicture } from '../contract/products.ts'
import type { Db } from '../db/client.ts'
import { endOfLink } from '../domain/link-end.ts'
import type { ProductProfile } from '../domain/product/product-profile.ts'
import { checkReadiness } from './check-readiness.ts'
import { gradeShot } from './grade-shot.ts'
import { MARKETPLACES } from './marketplaces.ts'
import { type SaidOfPhoto, sayProduct } from './say-product.ts'
import type { PictureDetail } from './store-products.ts'
import { type PersonsWords, readPersonsWords, readSaidOfPhotos } from './store-words.ts'

export type UrlOf = (picture: { readonly store: string; readonly key: string }, base: string) => Promise<string>

export interface PresentDeps {
  readonly db: Db
  readonly urlOf: UrlOf
  readonly profile: ProductProfile
}

/** In the order given. */
export async function presentPictures(
  { db, urlOf, profile }: PresentDeps,
  details: readonly PictureDetail[],
  base: string,
): Promise<ProductPicture[]> {
  const persons = await readPersonsWords(
    db,
    details.map(({ id }) => id),
  )
  const said = await readSaidOfPhotos(
    db,
    details.map(({ card }) => card.id),
  )
  return Promise.all(
    details.map(async (detail) =>
      present(detail, await urlOf(detail, base), sayPicture(detail, said.get(detail.card.id), persons.get(detail.id), profile)),
    ),
  )
}

export type Words = ProductPicture['words']

/** A person’s word, else a model’s, else what was put together or measured; nothing is made up. */
export function sayPicture(
  { kind, colour, answer }: Pick<PictureDetail, 'kind' | 'colour' | 'answer'>,
  said: SaidOfPhoto | undefined,
  persons: PersonsWords | undefined,
  profile: ProductProfile,
): Words {
  const template = sayProduct(said ?? null, kind, colour, profile)
  const model = answer && { ...answer, attributes: answer.attributes.join(', ') || null }
  const words = WORD_FIELDS.map((field): [WordField, Words[WordField]] => {
    if (persons?.has(field)) return [field, { value: persons.get(field) ?? null, said_by: 'person' }]
    if (model?.[field]) return [field, { value: model[field], said_by: 'model' }]
    const value = field === 'colour' ? colour : template[field]
    return [field, { value, said_by: value === null ? null : field === 'colour' ? 'measured' : 'template' }]
  })
  return Object.fromEntries(words) as Words
}

function present(detail: PictureDetail, url: string, words: Words): ProductPicture {
  const { shot, text } = detail.facts
  const graded = shot && gradeShot(shot, detail.slot === 'dimension' ? null : text, detail.answer?.grade)
  return {
    id: detail.id,
    photo: detail.card,
    store: detail.store,
    key: detail.key,
    url,
    url_expires_at: endOfLink(url),
    display_name: detail.displayName,
    kind: detail.kind,
    state: detail.state,
    sku: detail.product?.sku ?? null,
    slot: detail.slot,
    grade: graded?.grade ?? null,
    grade_reasons: [...(graded?.reasons ?? [])],
    colour: detail.colour,
    described_by: [...(detail.answer?.models ?? [])],
    words,
    like: detail.like,
    origin: detail.origin && { id: detail.origin.id, made_by: detail.origin.madeBy },
    readiness: PROFILE_NAMES.map((profile) => {
      const { title, isConfirmed } = MARKETPLACES[profile]
      return { profile, title, is_confirmed: isConfirmed, ...checkReadiness(MARKETPLACES[profile], detail.facts) }
    }),
  }
}
