/** @file The SQL of every filter and store function of search, rendered with example values, for review: `sql-examples.sql` (update with `vitest -u`). */

import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import { expect, it } from 'vitest'
import { FILTER_KEYS, type SearchFilters } from '../contract/search-filters.ts'
import type { Db } from '../db/client.ts'
import type { Database } from '../db/tables.ts'
import { photoExists } from '../db/visible.ts'
import { readDocumentFacts, readPhotoFacts, refreshSearchDocuments } from '../document/store.ts'
import { IdSet } from '../domain/search/id-set.ts'
import { EVERY_PHOTO } from '../domain/visibility.ts'
import { readHashPage, readPhotoHash, replaceDuplicates } from '../pipeline/steps/duplicates/store.ts'
import { composeFilters, listFacets, listGroups } from './filters.ts'
import { KeptMatches } from './kept-matches.ts'
import { parseWords } from './parse.ts'
import { forgetOldDeletions, readVectorChanges, readVectorPage, readVectorsOf } from './store-changes.ts'
import { readFieldsOfTerms } from './store-evidence.ts'
import { readChangedDocuments, readWordsFrom } from './store-facets.ts'
import { readGroupMembers } from './store-groups.ts'
import { findByWords, lacksWords, readStems } from './store-keyword.ts'
import {
  countPhotos,
  countStates,
  findWorseCopies,
  listByTime,
  readCopies,
  readMatching,
  readMaxPhotoId,
  readUnfinished,
  sortByTime,
} from './store-list.ts'
import { listCommonWords, readMatchChanges, readPhotosOfWords } from './store-matches.ts'
import { findNamed } from './store-names.ts'
import { countCoverage, findByVector, readSpace, readVector } from './store-vector.ts'
import { compileWords } from './store-words.ts'

/** What `run` asks of a database that answers nothing. */
async function record(run: (db: Db) => Promise<unknown>): Promise<string> {
  const statements: string[] = []
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (own) => new PostgresIntrospector(own),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => {
      statements.push(`${query.sql.replace(/\s+/g, ' ').trim()}\n  -- ${JSON.stringify(query.parameters).slice(0, 400)}`)
    },
  })
  await run(db)
  return statements.join('\n')
}

const words = parseWords('the beach "sunset walk" run -dog')
const compiled = {
  all: "'beach'",
  any: "'beach' | 'run'",
  anyOf: ["'beach'", "'run'"],
  quoted: "'sunset' <-> 'walk'",
  none: "'dog'",
  isTelling: [false, true, true, true],
  isPieceTelling: [false, true, true],
}
const question = {
  sees: EVERY_PHOTO,
  seen: null,
  words,
  compiled,
  kept: null,
  hidden: IdSet.of([]),
  hidesCopies: true,
  maxPhotoId: 900,
  widens: false,
  isRanked: true,
  matches: new KeptMatches(),
  evidence: { index: null, stems: async () => new Map() },
  state: '1:1:',
}
const vector = (space: { isIndexed: boolean }, filters: SearchFilters) => ({
  space: { id: 3, name: 'm', width: 2, ...space },
  vector: Float32Array.of(1, 0),
  demands: composeFilters(EVERY_PHOTO, filters),
  kept: null,
  maxPhotoId: 900,
  exceptId: 12,
})
const EXAMPLE_VALUES: Required<Omit<SearchFilters, 'where'>> = {
  category: ['animals', 'Food'],
  from: '2024-01-01',
  added_from: '2024-01-01',
  added_to: '2024-12-31',
  to: '2024-12-31',
  people: [3, 4],
  people_any: [3, 4],
  people_none: [3, 4],
  has_text: true,
  language: ['de', 'en'],
  tag: ['Dog', 'beach'],
  has_faces: false,
  faces: '2-4',
  rating: '4-',
  favourite: true,
  colour: ['red', 'navy'],
  camera: ['NIKON Z 6'],
  lens: ['XF23mmF2 R WR'],
  city: ['Oslo', 'Rome'],
  country: ['Norway'],
  near: '59.91,10.75,25',
  area: '59.8,10.6,60,10.9',
  orientation: ['square', 'panorama'],
  megapixels: '12.5-',
  format: ['heic'],
  source: [2],
  album: [5, 6],
  cluster: [7],
  missing: false,
  collection: ['products', 'made'],
  state: ['failed', 'partial'],
  has_duplicates: true,
  hide_duplicates: true,
}

it('is what was reviewed', async () => {
  const examples: Record<string, (db: Db) => Promise<unknown>> = {
    ...Object.fromEntries(
      FILTER_KEYS.map((key) => [`filter ${key}`, (db: Db) => countPhotos(db, composeFilters(EVERY_PHOTO, { [key]: EXAMPLE_VALUES[key] }))]),
    ),
    'some filters, hide_duplicates last': (db) =>
      countPhotos(
        db,
        composeFilters(EVERY_PHOTO, { from: '2024-01-01', state: ['completed'], hide_duplicates: true }, [lacksWords("'dog'")]),
      ),
    'filters joined': (db) =>
      countPhotos(
        db,
        composeFilters(EVERY_PHOTO, { where: '{"any":[{"missing":true},{"not":{"all":[{"from":"2024-01-01"},{"state":["failed"]}]}}]}' }),
      ),
    ...Object.fromEntries(
      listFacets().map(({ key, facet }) => [
        `facet ${key}`,
        (db: Db) => facet.rows((column) => sql`${sql.ref(column)} between 1 and 500`).execute(db),
      ]),
    ),
    ...Object.fromEntries(
      listGroups().map(({ key, groups }) => [
        `groups ${key}`,
        async (db: Db) => [await groups.names(db, EVERY_PHOTO), await readGroupMembers(db, groups.rows)],
      ]),
    ),
    listByTime: (db) =>
      listByTime(db, composeFilters(EVERY_PHOTO, { from: '2024-01-01' }), {
        after: { sortAt: '2024-05-01 10:00:00.000001', id: 7 },
        limit: 51,
        isOldestFirst: false,
      }),
    compileWords: (db) => compileWords(db, words, 'english'),
    'findByWords: matches, then loosely, then any word': (db) => findByWords(db, question),
    readFieldsOfTerms: (db) => readFieldsOfTerms(db, Int32Array.of(7, 9), words.include.slice(1), "'beach' & 'run'"),
    findNamed: (db) => findNamed(db, [7, 9], 'beach house', () => Promise.resolve(new Map())),
    'readMatching: what filters keep': (db) => readMatching(db, composeFilters(EVERY_PHOTO, { to: '2024-12-31' })),
    'findWorseCopies: among many': (db) =>
      findWorseCopies(
        db,
        Int32Array.from({ length: 2000 }, (_, i) => i + 1),
      ),
    readChangedDocuments: (db) => readChangedDocuments(db, '741'),
    readWordsFrom: (db) => readWordsFrom(db, EVERY_PHOTO, 'bea', 8),
    readMatchChanges: (db) => readMatchChanges(db, "'beach'", '741'),
    listCommonWords: (db) => listCommonWords(db, { photos: 1_000_000, minShare: 0.01, limit: 512 }),
    readPhotosOfWords: (db) => readPhotosOfWords(db, Int32Array.of(7, 9), ['beach', 'dog']),
    readUnfinished,
    countStates: (db) => countStates(db, EVERY_PHOTO),
    sortByTime: (db) => sortByTime(db, Int32Array.of(1, 2), 'oldest'),
    readStems: (db) => readStems(db, ['running'], 'english'),
    'findByVector: no index yet': (db) => findByVector(db, vector({ isIndexed: false }, {})),
    'findByVector: by the index': (db) => findByVector(db, vector({ isIndexed: true }, {})),
    'findByVector: few photos left by the filters': (db) =>
      findByVector(db, { ...vector({ isIndexed: true }, { from: '2024-01-01' }), kept: IdSet.of([7, 9]) }),
    'findByVector: some photos left': (db) =>
      findByVector(db, { ...vector({ isIndexed: true }, {}), kept: IdSet.of(Array.from({ length: 4001 }, (_, i) => i + 1)) }),
    'findByVector: many photos left': (db) =>
      findByVector(db, {
        ...vector({ isIndexed: true }, { from: '2024-01-01' }),
        kept: IdSet.of(Array.from({ length: 50_001 }, (_, i) => i + 1)),
      }),
    readVectorChanges: (db) => readVectorChanges(db, 3, '741'),
    readVectorPage: (db) => readVectorPage(db, 3, 500, 1500),
    readVectorsOf: (db) => readVectorsOf(db, 3, Int32Array.of(7, 9)),
    forgetOldDeletions,
    readSpace: (db) => readSpace(db, { namePrefix: 'builtin/look' }),
    readVector: (db) => readVector(db, 3, 12),
    countCoverage: (db) => countCoverage(db, EVERY_PHOTO, 3),
    readMaxPhotoId: (db) => readMaxPhotoId(db, EVERY_PHOTO),
    photoExists: (db) => photoExists(db, EVERY_PHOTO, 12),
    readCopies: (db) => readCopies(db, [1, 2, 3]),
    readPhotoFacts: (db) => readPhotoFacts(db, [1, 2]),
    'readDocumentFacts, of photos that have none': (db) => readDocumentFacts(db, [1, 2]),
    refreshSearchDocuments: (db) => db.transaction().execute((trx) => refreshSearchDocuments(trx, [1])),
    readPhotoHash: (db) => readPhotoHash(db, 1),
    readHashPage: (db) => readHashPage(db, 0, 5000),
    replaceDuplicates: (db) =>
      db
        .transaction()
        .execute((trx) => replaceDuplicates(trx, 2, [{ photoId1: 1, photoId2: 2, kind: 'same-picture', distance: 3, transform: 'none' }])),
  }
  const parts: string[] = []
  for (const [name, run] of Object.entries(examples)) parts.push(`-- ${name}\n${await record(run)}\n`)
  await expect(parts.join('\n')).toMatchFileSnapshot('./sql-examples.sql')
})
