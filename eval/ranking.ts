/**
 * @file Order: searches for one kind of thing, by class. Mean average precision over the COCO classes on the labelled photos, and on the
 * captioned photos that have no description, where a class is there when at least two of five persons name it. No threshold or calibration was chosen on either.
 */

import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { SearchQuery } from '../src/contract/search.ts'
import type { Db } from '../src/db/client.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { findPhotoIds } from '../src/search/run-search.ts'
import { listNamed } from './coco-names.ts'
import type { Evaluation } from './metric.ts'
import { isDescribed, type RetrievalLibrary, readCaptions, withLibrary } from './retrieval-library.ts'
import { askLabels, type Question } from './retrieval-questions.ts'

/** Persons of five that must name a class. */
const MIN_NAMED = 2

type Order = (library: RetrievalLibrary, q: string, source: number) => Promise<readonly number[]>

/** Each way of ordering the photos of a source by how likely they show `q`. */
const ORDERS: Readonly<Record<string, Order>> = {
  words: ({ deps }, q, source) => findPhotoIds(deps, EVERY_PHOTO, SearchQuery.parse({ q, source, mode: 'keyword' })),
  hybrid: ({ deps }, q, source) => findPhotoIds(deps, EVERY_PHOTO, SearchQuery.parse({ q, source })),
  tag_confidence: ({ db }, q, source) => byConfidence(db, q, source),
}

export const run = (): Promise<Evaluation> => withLibrary(measure)

async function measure(library: RetrievalLibrary): Promise<Evaluation> {
  const metrics: Record<string, number> = {}
  const notes: string[] = []
  // their captions are the known answers
  const described = new Set([...readCaptions().keys()].flatMap((name, i) => (isDescribed(i) ? (library.ids.get(name) ?? []) : [])))
  const labelled = askLabels().filter(({ kind }) => kind === 'thing')
  for (const [name, questions] of [
    ['labelled', labelled],
    ['captioned', askCaptioned(labelled.map(({ q }) => q))],
  ] as const) {
    const byClass = new Map<string, string[]>()
    for (const [order, find] of Object.entries(ORDERS)) {
      let sum = 0
      for (const { q, folder = '', right } of questions) {
        const wanted = new Set(right.flatMap((file) => library.ids.get(file) ?? []))
        const hits = await find(library, q, library.sourceOf(folder) ?? 0)
        const precision = averagePrecision(
          hits.filter((id) => !described.has(id)),
          wanted,
        )
        sum += precision
        byClass.set(q, [...(byClass.get(q) ?? []), precision.toFixed(2)])
      }
      metrics[`${name}_${order}_map`] = sum / questions.length
    }
    notes.push(
      `${name}: ${questions.length} classes, each by ${Object.keys(ORDERS).join(' / ')}: ${[...byClass].map(([q, figures]) => `${q} ${figures.join('/')}`).join(', ')}`,
    )
  }
  for (const language of ['de', 'ar'] as const) {
    const words = readWords(language)
    const asked = labelled.filter(({ q }) => words.has(q))
    for (const order of ['words', 'hybrid'] as const) {
      const sums = { own: 0, english: 0 }
      const find = ORDERS[order] as Order
      for (const { q, folder = '', right } of asked) {
        const wanted = new Set(right.flatMap((file) => library.ids.get(file) ?? []))
        const source = library.sourceOf(folder) ?? 0
        for (const [key, typed] of [
          ['own', words.get(q) ?? ''],
          ['english', q],
        ] as const) {
          const hits = await find(library, typed, source)
          sums[key] += averagePrecision(
            hits.filter((id) => !described.has(id)),
            wanted,
          )
        }
      }
      metrics[`labelled_${order}_${language}_map`] = sums.own / asked.length
      notes.push(
        `${asked.length} classes asked for in ${language}, by ${order}: ${(sums.own / asked.length).toFixed(3)}; in English ${(sums.english / asked.length).toFixed(3)}`,
      )
    }
  }
  return { name: 'ranking', metrics, notes }
}

/** How each English word is called first in a language. */
function readWords(language: 'de' | 'ar'): Map<string, string> {
  const lines = readFileSync(new URL(`../src/lexicon/data/words.${language}.tsv`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
  return new Map(lines.map((line) => line.split('\t') as [string, string]).map(([english, forms]) => [english, forms.split('|')[0] ?? '']))
}

/** Classes that captions name often enough, each with the photos that show it. */
function askCaptioned(classes: readonly string[]): Question[] {
  const named = [...readCaptions()]
    .filter((_, i) => !isDescribed(i))
    .map(([name, captions]) => ({ name, own: listNamed(captions, MIN_NAMED) }))
  return classes.flatMap((q) => {
    const right = named.flatMap(({ name, own }) => (own.has(q) ? [name] : []))
    return right.length === 0 ? [] : [{ kind: 'thing' as const, q, folder: 'captioned', right }]
  })
}

/** Mean over the right photos of the precision where each of them stands; those that are not found count 0. */
function averagePrecision(ids: readonly number[], right: ReadonlySet<number>): number {
  let found = 0
  let sum = 0
  for (const [i, id] of ids.entries())
    if (right.has(id)) {
      found++
      sum += found / (i + 1)
    }
  return right.size === 0 ? 0 : sum / right.size
}

/** Photos with the tag, by the most confident of the models that say it. */
async function byConfidence(db: Db, tag: string, source: number): Promise<number[]> {
  const { rows } = await sql<{ photo_id: number }>`
    select t.photo_id from effective_tags t
    where t.tag = ${tag} and t.photo_id in (select f.photo_id from photo_files f where f.source_id = ${source})
    group by t.photo_id order by max(t.confidence) desc, t.photo_id desc`.execute(db)
  return rows.map(({ photo_id }) => photo_id)
}
