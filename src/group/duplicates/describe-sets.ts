/** @file Open sets become reports: which photo the rules keep, why, what would go, how near each is. Read-only. */

import { KIND_FACTS } from '../../contract/duplicate-kinds.ts'
import type { DuplicateSetReport, KeepRule, SetMember } from '../../contract/duplicates.ts'
import type { DbOrTrx } from '../../db/client.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { readPhotoCards } from '../../library/store-photos.ts'
import { chooseKeeper } from './keep-rules.ts'
import { listSameBytes, type MemberFacts, type OpenSet, type PairFacts, readMemberFacts, readPairFacts } from './store-report.ts'

/** What the rules decide of one set. */
export interface Suggestion {
  readonly set: OpenSet
  readonly keeper: number
  readonly rule: KeepRule | null
  readonly reason: string
  /** near to the keeper itself, so nothing is lost with them */
  readonly gone: readonly number[]
}

export interface Suggested {
  readonly suggestions: readonly Suggestion[]
  readonly facts: ReadonlyMap<number, MemberFacts>
}

export async function suggest(db: DbOrTrx, sets: readonly OpenSet[], rules: readonly KeepRule[]): Promise<Suggested> {
  const facts = await readMemberFacts(db, [...new Set(sets.flatMap(photosOf))])
  const chosen = sets.flatMap((set) => {
    const photos = photosOf(set).flatMap((id) => facts.get(id) ?? [])
    if (photos.length < 2) return []
    return [
      {
        set,
        keeper: chooseKeeper(
          photos.map((photo) => ({ ...photo, at: (photo.taken_at ?? photo.created_at).getTime() })),
          rules,
        ),
      },
    ]
  })
  // members of a set are pairs with its representative; where another photo is kept, only what is near that one may go
  const others = chosen.filter(({ set, keeper }) => keeper.id !== set.representative)
  const near = new Set(
    (
      await readPairFacts(
        db,
        others.flatMap(({ set, keeper }) => set.members.map((member) => [keeper.id, member] as const)),
      )
    )
      .filter(({ kind }) => KIND_FACTS[kind].isCopy)
      .flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]),
  )
  const suggestions = chosen.map(({ set, keeper }) => ({
    set,
    keeper: keeper.id,
    rule: keeper.rule,
    reason: keeper.reason,
    gone: photosOf(set).filter((id) => {
      if (id === keeper.id) return false
      return keeper.id === set.representative || id === set.representative || !KIND_FACTS[set.kind].isCopy || near.has(`${keeper.id} ${id}`)
    }),
  }))
  return { suggestions, facts }
}

export const photosOf = (set: OpenSet): number[] => [set.representative, ...set.members]

export async function reportSets(
  db: DbOrTrx,
  sees: Visibility,
  sets: readonly OpenSet[],
  rules: readonly KeepRule[],
): Promise<DuplicateSetReport[]> {
  const { suggestions, facts } = await suggest(db, sets, rules)
  const pairs = await readPairFacts(
    db,
    sets.flatMap((set) => set.members.map((member) => [set.representative, member] as const)),
  )
  const pairOf = new Map(pairs.flatMap((pair) => [[`${pair.a} ${pair.b}`, pair] as const, [`${pair.b} ${pair.a}`, pair] as const]))
  const cards = new Map((await readPhotoCards(db, sees, [...facts.keys()])).map((card) => [card.id, card]))
  return suggestions.map(({ set, keeper, rule, reason, gone }) => {
    const goes = new Set(gone)
    const members = photosOf(set).flatMap((id) => {
      const [photo, known] = [cards.get(id), facts.get(id)]
      return photo && known ? [toMember(photo, known, pairOf.get(`${set.representative} ${id}`), !goes.has(id))] : []
    })
    return { id: set.id, kind: set.kind, keeper, rule, reason, frees: sumBytes(gone, facts), members }
  })
}

/** Photos that lie in several files. Nothing is suggested: the library has them once, and files in folders are not ours. */
export async function reportSameBytes(db: DbOrTrx, sees: Visibility, after: number, limit: number): Promise<DuplicateSetReport[]> {
  const ids = await listSameBytes(db, sees, after, limit)
  const facts = await readMemberFacts(db, ids)
  const cards = await readPhotoCards(db, sees, ids)
  return cards.flatMap((photo) => {
    const known = facts.get(photo.id)
    if (!known) return []
    const reason = `${known.paths.length} files hold the same bytes; the library shows them as one photo`
    return [
      {
        id: photo.id,
        kind: 'same-bytes' as const,
        keeper: photo.id,
        rule: null,
        reason,
        frees: 0,
        members: [toMember(photo, known, undefined, true)],
      },
    ]
  })
}

export function sumBytes(ids: readonly number[], facts: ReadonlyMap<number, MemberFacts>): number {
  return ids.reduce((sum, id) => sum + (facts.get(id)?.bytes ?? 0), 0)
}

function toMember(photo: SetMember['photo'], facts: MemberFacts, pair: PairFacts | undefined, kept: boolean): SetMember {
  return {
    photo,
    bytes: facts.bytes,
    format: facts.format,
    created_at: facts.created_at.toISOString(),
    camera: facts.camera,
    metadata: facts.metadata,
    albums: facts.albums,
    favourite: facts.isFavourite,
    rating: facts.rating,
    in_place: facts.isInPlace,
    paths: [...facts.paths],
    hamming_distance: pair?.hamming_distance ?? null,
    cosine_distance: pair?.cosine_distance ?? null,
    transform: pair?.transform ?? 'none',
    kept,
  }
}
