/** @file A comparison as its page shows it: each side in numbers, how far they agree, photo by photo. */
import type { ComparisonDetail, ComparisonReport } from '../contract/describe.ts'
import type { ComparisonSide } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import type { Visibility } from '../domain/visibility.ts'
import { readPhotoCards } from '../library/store-photos.ts'
import { agreeWithBaseline, COMPARED_FIELDS, isSame, jaccard, mean } from './agreement.ts'
import { type AnswerRow, type ComparisonRow, readAnswers } from './store-comparisons.ts'

type Pair = Readonly<Record<ComparisonSide, AnswerRow | undefined>>

export async function reportComparison(db: DbOrTrx, comparison: ComparisonRow, reason: string | null): Promise<ComparisonReport> {
  return summarise(comparison, pairUp(await readAnswers(db, comparison.id)), reason)
}

export async function reportComparisonWhole(
  db: DbOrTrx,
  sees: Visibility,
  comparison: ComparisonRow,
  reason: string | null,
): Promise<ComparisonDetail> {
  const pairs = pairUp(await readAnswers(db, comparison.id))
  const cards = new Map((await readPhotoCards(db, sees, [...pairs.keys()])).map((card) => [card.id, card]))
  return {
    ...summarise(comparison, pairs, reason),
    pairs: [...pairs].flatMap(([photoId, pair]) => {
      const photo = cards.get(photoId)
      return photo ? [{ photo, left: toAnswer(pair.left), right: toAnswer(pair.right), ...agreementOf(pair) }] : []
    }),
  }
}

function pairUp(rows: readonly AnswerRow[]): Map<number, Pair> {
  return new Map(
    [...Map.groupBy(rows, (row) => row.photo_id)].map(([photoId, own]) => [
      photoId,
      { left: own.find((row) => row.side === 'left'), right: own.find((row) => row.side === 'right') },
    ]),
  )
}

function agreementOf({ left, right }: Pair): { same_category: boolean | null; tag_agreement: number | null } {
  const [a, b] = [left?.description, right?.description]
  if (!a || !b) return { same_category: null, tag_agreement: null }
  return { same_category: isSame(a.primaryCategory, b.primaryCategory), tag_agreement: jaccard(a.tags, b.tags) }
}

/** System C’s bound: this much of the baseline. */
const PASSES = 0.9

/** Of photos that the baseline described and the other one was asked about. */
function judge(pairs: readonly Pair[]): ComparisonReport['verdict'] {
  const agreed = pairs.flatMap(({ left, right }) =>
    left?.description && right && right.state !== 'due' ? [agreeWithBaseline(left.description, right.description)] : [],
  )
  const fields = COMPARED_FIELDS.flatMap((field) => {
    const share = mean(agreed.map((one) => one[field]))
    return share === null ? [] : [{ field, share }]
  })
  const overall = mean(fields.map(({ share }) => share))
  if (overall === null) return null
  const percent = (share: number) => Math.round(share * 1000) / 10
  return {
    fields: fields.map(({ field, share }) => ({ field, percent: percent(share) })),
    percent: percent(overall),
    passed: overall >= PASSES,
  }
}

function summarise(comparison: ComparisonRow, pairs: ReadonlyMap<number, Pair>, reason: string | null): ComparisonReport {
  const all = [...pairs.values()]
  const agreements = all.map(agreementOf)
  return {
    id: comparison.id,
    state: comparison.state,
    reason,
    photos: pairs.size,
    left: summariseSide(
      comparison.left_describer,
      all.map((pair) => pair.left),
    ),
    right: summariseSide(
      comparison.right_describer,
      all.map((pair) => pair.right),
    ),
    compared: all.filter(({ left, right }) => left?.description && right?.description).length,
    same_category: mean(agreements.map(({ same_category }) => (same_category === null ? null : Number(same_category)))),
    tag_agreement: mean(agreements.map(({ tag_agreement }) => tag_agreement)),
    verdict: comparison.state === 'running' ? null : judge(all),
    started_at: comparison.created_at.toISOString(),
    ended_at: comparison.ended_at?.toISOString() ?? null,
  }
}

function summariseSide(describer: string, answers: readonly (AnswerRow | undefined)[]): ComparisonReport['left'] {
  const done = answers.filter((answer) => answer?.state === 'done').flatMap((answer) => answer ?? [])
  return {
    describer,
    done: done.length,
    failed: answers.filter((answer) => answer?.state === 'failed').length,
    fallbacks: done.filter((answer) => answer.fallback_used).length,
    mean_ms: mean(done.map((answer) => answer.duration_ms)),
    tokens: done.reduce((sum, answer) => sum + (answer.tokens ?? 0), 0),
    cost: done.reduce((sum, answer) => sum + (answer.cost ?? 0), 0),
    currency: done.find((answer) => answer.currency !== null)?.currency ?? null,
    cost_estimated: done.some((answer) => answer.cost_estimated),
  }
}

function toAnswer(row: AnswerRow | undefined): ComparisonDetail['pairs'][number]['left'] {
  const said = row?.description
  return {
    state: row?.state ?? 'due',
    reason: row?.reason ?? null,
    description: said?.description ?? null,
    alt_text: said?.altText ?? null,
    primary_category: said?.primaryCategory ?? null,
    tags: [...(said?.tags ?? [])],
    fallback_used: row?.fallback_used ?? false,
    tokens: row?.tokens ?? null,
    cost: row?.cost ?? null,
    ms: row?.duration_ms ?? null,
  }
}
