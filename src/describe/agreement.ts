/** @file How far two descriptions of the same picture agree. Pure. */
import type { Description } from '../domain/description.ts'
import { splitWords } from '../domain/search/words.ts'

/** Shared ÷ all tags, whatever their case; null where neither has any. */
export function jaccard(left: readonly string[], right: readonly string[]): number | null {
  const a = new Set(left.map((tag) => tag.toLowerCase()))
  const b = new Set(right.map((tag) => tag.toLowerCase()))
  const shared = [...a].filter((tag) => b.has(tag)).length
  const all = a.size + b.size - shared
  return all === 0 ? null : shared / all
}

/** Null where either says none. */
export function isSame(left: string | null, right: string | null): boolean | null {
  return left === null || right === null ? null : left === right
}

/** What a verdict is given on. */
export const COMPARED_FIELDS = [
  'primary_category',
  'scene_type',
  'tags',
  'detected_objects',
  'description',
  'suggested_cluster_name',
] as const
export type ComparedField = (typeof COMPARED_FIELDS)[number]

/**
 * How much of what the baseline says the other says as well, 0 to 1 for each field: the same word, the share of its tags and objects, of
 * the words of its texts. Null where the baseline says nothing. @param other null: it failed, and agrees in nothing
 */
export function agreeWithBaseline(baseline: Description, other: Description | null): Readonly<Record<ComparedField, number | null>> {
  const same = (left: string | null, right: string | null | undefined) => (left === null ? null : Number(left === right))
  const shared = (left: readonly string[], right: readonly string[]) => {
    const [wanted, said] = [new Set(left.map((one) => one.toLowerCase())), new Set(right.map((one) => one.toLowerCase()))]
    return wanted.size === 0 ? null : [...wanted].filter((one) => said.has(one)).length / wanted.size
  }
  const words = (text: string | null | undefined) => splitWords(text ?? '').map(({ word }) => word)
  return {
    primary_category: same(baseline.primaryCategory, other?.primaryCategory),
    scene_type: same(baseline.sceneType, other?.sceneType),
    tags: shared(baseline.tags, other?.tags ?? []),
    detected_objects: shared(
      baseline.detectedObjects.map(({ name }) => name),
      (other?.detectedObjects ?? []).map(({ name }) => name),
    ),
    description: shared(words(baseline.description), words(other?.description)),
    suggested_cluster_name: shared(words(baseline.suggestedClusterName), words(other?.suggestedClusterName)),
  }
}

/** Of those that are known; null without any. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
