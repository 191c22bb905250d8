/** @file The user's words: add one, remove one, see all. The tagging follows by itself. */
import type { VocabularyInput, VocabularyReport } from '../../contract/vocabulary.ts'
import type { Db } from '../../db/client.ts'
import { FototecaError } from '../../domain/errors.ts'
import { findBroader } from '../../lexicon/broader.ts'
import { readStartingTags } from '../../lexicon/starting-tags.ts'
import { deleteUserWord, readUnknownWords, readUserWords, saveUserWord } from './store.ts'

export interface Words {
  list(): Promise<VocabularyReport>
  /** Adds a word, changes an added one, or brings back a removed one. */
  add(input: VocabularyInput): Promise<VocabularyReport>
  /** @throws FototecaError `not_found` */
  remove(word: string): Promise<VocabularyReport>
}

export interface WordsDeps {
  readonly db: Db
  readonly servingSpace: () => Promise<{ readonly id: number; readonly name: string } | null>
  readonly wake: () => void
}

export function createWords({ db, servingSpace, wake }: WordsDeps): Words {
  const starting = new Set(readStartingTags())
  const list = async (): Promise<VocabularyReport> => {
    const own = await readUserWords(db)
    const space = await servingSpace()
    const removed = own.filter(({ kind }) => kind === 'removed').map(({ word }) => word)
    return {
      starting: starting.size,
      added: own.filter(({ kind }) => kind === 'added').map(({ word, prompt, broader }) => ({ word, prompt, broader: [...broader] })),
      removed,
      space: space?.name ?? null,
      unknown: space ? (await readUnknownWords(db, space.id)).filter((word) => !removed.includes(word)) : [],
    }
  }
  return {
    list,
    async add({ word, prompt, broader }) {
      const isPlain = starting.has(word) && prompt === undefined && broader.length === 0
      const above = broader.length > 0 ? broader.flatMap((term) => [term, ...findBroader(term)]) : findBroader(word)
      await db
        .transaction()
        .execute((trx) =>
          isPlain ? deleteUserWord(trx, word, above) : saveUserWord(trx, { word, kind: 'added', prompt: prompt ?? null, broader }, above),
        )
      wake()
      return await list()
    },
    async remove(word) {
      const isOwn = (await readUserWords(db)).some((own) => own.word === word && own.kind === 'added')
      if (!isOwn && !starting.has(word))
        throw new FototecaError('not_found', `“${word}” is not in the vocabulary; see “fototeca tags list”`)
      await db
        .transaction()
        .execute((trx) =>
          starting.has(word)
            ? saveUserWord(trx, { word, kind: 'removed', prompt: null, broader: [] }, findBroader(word))
            : deleteUserWord(trx, word, findBroader(word)),
        )
      wake()
      return await list()
    },
  }
}
