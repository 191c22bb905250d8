/** @file The words a library looks for, as a person changes them: each change is an edit that can be undone. The tagging follows by itself. */

import { isDeepStrictEqual } from 'node:util'
import type { EditReport } from '../../contract/edits.ts'
import { type Message, message } from '../../contract/messages/message.ts'
import type { VocabularyChange, VocabularyInput, VocabularyReport, WordReport, WordsQuery } from '../../contract/vocabulary.ts'
import type { Db, Trx } from '../../db/client.ts'
import type { WordState } from '../../db/tables/tags.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { insertDoneEdit, readEdit } from '../../edit/store-edits.ts'
import { findBroader } from '../../lexicon/broader.ts'
import { readStartingTags } from '../../lexicon/starting-tags.ts'
import { selectWords } from './select-words.ts'
import {
  countPhotos,
  readUnknownWords,
  readUserWords,
  readWordChanges,
  readWordState,
  readWordsInSpace,
  replaceBroader,
  saveWordChange,
  writeWordState,
} from './store-words.ts'

export interface Words {
  list(): Promise<VocabularyReport>
  /** Words by part of their name, with all that is known of each. */
  find(sees: Visibility, query: WordsQuery): Promise<{ words: WordReport[]; total: number }>
  /** Adds a word, changes an added one, or brings back a removed one. */
  add(actor: Actor, input: VocabularyInput): Promise<VocabularyChange>
  /** @throws FototecaError `not_found`, `conflict` (it was removed) */
  setThreshold(actor: Actor, word: string, threshold: number | null): Promise<VocabularyChange>
  /** @throws FototecaError `not_found` */
  remove(actor: Actor, word: string): Promise<VocabularyChange>
  /** Takes back one of these changes. @returns the edit that made */
  undo(actor: Actor, edit: EditReport & { id: number }): Promise<number>
}

export interface WordsDeps {
  readonly db: Db
  readonly servingSpace: () => Promise<{ readonly id: number; readonly name: string } | null>
  /** tags are to be said anew */
  readonly wake: () => void
  /** photos are found by other broader terms */
  readonly onFacts: () => void
}

export function createWords({ db, servingSpace, wake, onFacts }: WordsDeps): Words {
  const starting = readStartingTags()
  const isStarting = new Set(starting)

  const list = async (): Promise<VocabularyReport> => {
    const own = await readUserWords(db)
    const space = await servingSpace()
    const removed = own.filter(({ kind }) => kind === 'removed').map(({ word }) => word)
    const added = own.filter(
      ({ word, kind, prompt, broader }) => kind === 'added' && (!isStarting.has(word) || prompt !== null || broader.length > 0),
    )
    return {
      starting: starting.length,
      added: added.map(({ word, prompt, broader }) => ({ word, prompt, broader: [...broader] })),
      removed,
      thresholds: own.flatMap(({ word, threshold }) => (threshold === null ? [] : [{ word, threshold }])),
      space: space?.name ?? null,
      unknown: space ? (await readUnknownWords(db, space.id)).filter((word) => !removed.includes(word)) : [],
    }
  }

  /** Writes another state of the word, unless it is so already. */
  async function write(trx: Trx, word: string, before: WordState | null, wanted: WordState | null): Promise<boolean> {
    // a word as the starting list has it needs no row
    const isPlain = wanted?.kind === 'added' && wanted.prompt === null && wanted.broader.length === 0 && wanted.threshold === null
    const after = isPlain && isStarting.has(word) ? null : wanted
    if (isDeepStrictEqual(before, after)) return false
    await writeWordState(trx, word, after)
    if (!isDeepStrictEqual(listBroader(word, before), listBroader(word, after))) await replaceBroader(trx, word, listBroader(word, after))
    return true
  }

  async function change(
    actor: Actor,
    word: string,
    summary: Message,
    decide: (before: WordState | null) => WordState | null,
  ): Promise<VocabularyChange> {
    const edit = await db.transaction().execute(async (trx) => {
      const before = await readWordState(trx, word)
      if (!(await write(trx, word, before, decide(before)))) return null
      const made = await insertDoneEdit(trx, { actor, area: 'vocabulary', summary, undoOf: null, changed: 0, conflicts: 0 })
      await saveWordChange(trx, made, { word, before, after: await readWordState(trx, word) })
      return made
    })
    wake()
    onFacts()
    return { ...(await list()), edit: edit === null ? null : ((await readEdit(db, edit)) ?? null) }
  }

  return {
    list,

    async find(sees, query) {
      const own = new Map((await readUserWords(db)).map((word) => [word.word, word]))
      const space = await servingSpace()
      const unknown = space && query.show === 'unknown' ? await readUnknownWords(db, space.id) : []
      const { words, total } = selectWords(starting, own, unknown, query)
      if (words.length === 0) return { words: [], total }
      const inSpace = space ? await readWordsInSpace(db, space.id, words) : new Map<string, never>()
      const photos = await countPhotos(db, sees, words)
      const reports = words.map((word): WordReport => {
        const state = own.get(word)
        const known = inSpace.get(word)
        return {
          word,
          from: isStarting.has(word) ? 'starting' : 'person',
          is_said: state?.kind !== 'removed',
          prompt: state?.prompt ?? null,
          broader: listBroader(word, state ?? null),
          own_broader: [...(state?.broader ?? [])],
          threshold: state?.threshold ?? known?.threshold ?? null,
          measured: known?.threshold ?? null,
          is_known: known?.isKnown ?? null,
          photos: photos.get(word) ?? 0,
        }
      })
      return { words: reports, total }
    },

    add: (actor, { word, prompt, broader, threshold }) =>
      change(actor, word, message(isStarting.has(word) ? 'word.looked-for' : 'word.added', { word }), (before) => ({
        kind: 'added',
        prompt: prompt ?? null,
        broader,
        threshold: threshold ?? before?.threshold ?? null,
      })),

    setThreshold(actor, word, threshold) {
      const summary = threshold === null ? message('word.as-measured', { word }) : message('word.from', { word, threshold })
      return change(actor, word, summary, (before) => {
        if (before === null && !isStarting.has(word)) throw noWord(word)
        if (before?.kind === 'removed')
          throw new FototecaError('conflict', `“${word}” was removed from the vocabulary; add it again, then give it a threshold`)
        return { kind: 'added', prompt: before?.prompt ?? null, broader: before?.broader ?? [], threshold }
      })
    },

    remove: (actor, word) =>
      change(actor, word, message('word.removed', { word }), (before) => {
        if (before === null && !isStarting.has(word)) throw noWord(word)
        return isStarting.has(word) ? { kind: 'removed', prompt: null, broader: [], threshold: null } : null
      }),

    async undo(actor, { id, message: taken }) {
      const undone = await db.transaction().execute(async (trx) => {
        const changes = await readWordChanges(trx, id)
        const back = []
        for (const { word, before, after } of changes) {
          const now = await readWordState(trx, word)
          if (!isDeepStrictEqual(now, after)) continue // something else was decided since
          await write(trx, word, now, before)
          back.push({ word, before: now, after: before })
        }
        if ((await readEdit(trx, id))?.undone_by !== null) throw new FototecaError('conflict', 'this edit was undone already')
        const conflicts = changes.length - back.length
        const made = await insertDoneEdit(trx, {
          actor,
          area: 'vocabulary',
          summary: message('edit.undone', { edit: taken }),
          undoOf: id,
          changed: 0,
          conflicts,
        })
        for (const one of back) await saveWordChange(trx, made, one)
        return made
      })
      wake()
      onFacts()
      return undone
    },
  }
}

/** What a word is a kind of: as its person says, with all above that; otherwise as the lexicon says. Nearest first. */
function listBroader(word: string, state: WordState | null): string[] {
  const own = state?.broader ?? []
  const all = own.length > 0 ? own.flatMap((term) => [term, ...findBroader(term)]) : findBroader(word)
  return [...new Set(all)].filter((term) => term !== word)
}

const noWord = (word: string): FototecaError =>
  new FototecaError('not_found', `“${word}” is not in the vocabulary; see “fototeca vocabulary list”`)
