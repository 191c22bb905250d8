/**
 * @file Whole answers of searches, kept for minutes while nothing is written to the database (ADR 38). What else an answer rests on is part of
 * its key: the day (“last month”), the model that reads the words and the space that answers. An answer that says something of this
 * moment is not kept.
 */
import type { SearchQuery } from '../contract/search.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { TextEmbedder } from '../models/ports/capability.ts'
import type { Answered } from './answered.ts'
import { type Use, WhileUnchanged } from './while-unchanged.ts'

/** A page of 50 hits takes some 60 kB, so a few hundred pages. */
const MAX_BYTES = 16_000_000
/** In memory a character of JSON takes about this much: two bytes, and what objects cost. */
const BYTES_PER_CHARACTER = 3

export interface AnswerQuestion {
  readonly sees: Visibility
  readonly query: SearchQuery
  /** `YYYY-MM-DD` */
  readonly today: string
  /** of the database, read before anything else */
  readonly state: string
}

/** What an answer rests on beside the database. */
export interface AnswerGround {
  /** of the active space; null while no text–image model is there */
  readonly textEmbedder: () => Promise<TextEmbedder | null>
  /** why there is none and what to do */
  readonly semanticNotice: () => string | null
  readonly activeSpace: () => Promise<{ readonly id: number; readonly name: string } | null>
}

export class KeptAnswers {
  readonly #kept: WhileUnchanged<Answered>

  constructor(maxBytes = MAX_BYTES, now?: () => number) {
    this.#kept = new WhileUnchanged(maxBytes, now)
  }

  async get(deps: AnswerGround, { sees, query, today, state }: AnswerQuestion, search: () => Promise<Answered>): Promise<Answered> {
    const key = await makeKey(deps, sees, query, today)
    const known = this.#kept.get(key, state)
    if (known !== undefined) return known
    const fresh = await search()
    // a model may have come while it was searched
    if (!fresh.isPassing && key === (await makeKey(deps, sees, query, today)))
      this.#kept.put(key, state, fresh, JSON.stringify(fresh.answer).length * BYTES_PER_CHARACTER)
    return fresh
  }

  get use(): Use {
    return this.#kept.use
  }
}

async function makeKey(
  { textEmbedder, activeSpace, semanticNotice }: AnswerGround,
  sees: Visibility,
  query: SearchQuery,
  today: string,
): Promise<string> {
  const sorted = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  // a list must not wait for a model that is being loaded
  const [wantsWords, wantsPicture] = [query.q !== '' && query.mode !== 'keyword', query.like ?? query.picture ?? query.also?.[0]]
  const embedder = wantsWords ? await textEmbedder() : null
  const space = wantsWords || wantsPicture ? await activeSpace() : null
  return JSON.stringify([sees.key, sorted, today, embedder?.info.id, embedder?.space.name, space?.id, wantsWords && semanticNotice()])
}
