/**
 * @file What was done, and why a saved search could not be asked, becomes codes with parameters (ADR 81). A sentence that can be read in one way
 * only gets its code; any other keeps its words as the parameter of `text`. It knows the sentences of the versions before it, which never
 * change, and imports none of the catalogue, which does.
 */
import { type Kysely, sql } from 'kysely'

interface Told {
  readonly code: string
  readonly params: Readonly<Record<string, unknown>>
}
/** A decision of an edit, as far as a sentence tells of it. */
export interface OldTarget {
  readonly set?: string
  readonly key?: string
  readonly value?: unknown
}

const told = (code: string, params: Told['params'] = {}): Told => ({ code, params })
const text = (sentence: string): Told => told('text', { text: sentence })

/** Sentences were cut at this length: one as long may have lost its end. */
const CUT_AT = 500
const UNDID = 'undid: '

export function readSummary(area: string, sentence: string, targets: readonly OldTarget[]): Told {
  if (sentence.length >= CUT_AT) return text(sentence)
  if (sentence.startsWith(UNDID)) return told('edit.undone', { edit: readSummary(area, sentence.slice(UNDID.length), targets) })
  return (area === 'photos' ? readPhotos(sentence, targets) : RULES[area]?.map((rule) => rule(sentence)).find(Boolean)) ?? text(sentence)
}

type Rule = (sentence: string) => Told | undefined
/** What follows these words is the parameter. */
const after =
  (words: string, code: string, param: string): Rule =>
  (sentence) =>
    sentence.startsWith(words) && sentence.length > words.length ? told(code, { [param]: sentence.slice(words.length) }) : undefined

/** One name on each side of a word; where the word is there twice, nobody knows which name holds it. */
const between =
  (words: string, middle: string, make: (one: string, two: string) => Told): Rule =>
  (sentence) => {
    const [one, two, ...more] = sentence.startsWith(words) ? sentence.slice(words.length).split(middle) : []
    return one && two && more.length === 0 ? make(one, two) : undefined
  }

const match =
  (pattern: RegExp, make: (...found: string[]) => Told): Rule =>
  (sentence) => {
    const found = pattern.exec(sentence)
    return found ? make(...found.slice(1)) : undefined
  }

const count = (faces: string): number => (faces === 'a face' ? 1 : Number.parseInt(faces, 10))
const nameOf = (person: string): string | null => (person === 'a person without a name' ? null : person)
const clusterOf = (cluster: string): string | null => (cluster === 'a cluster without a name' ? null : cluster)
const fieldsOf = (list: string | undefined): string[] => list?.split(', ') ?? []

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  people: [
    after('named ', 'person.named', 'name'),
    between('renamed ', ' to ', (from, to) => told('person.renamed', { from, to })),
    match(/^took the name (.+) away$/s, (name = '') => told('person.name-removed', { name: name === 'null' ? null : name })),
    between('merged ', ' into ', (gone, into) => told('person.merged', { gone: nameOf(gone), into: nameOf(into) })),
    match(/^moved (a face|\d+ faces) to (.+)$/s, (faces = '', person = '') =>
      told('person.faces-moved', { count: count(faces), person: nameOf(person) }),
    ),
    match(/^(a face is|\d+ faces are) not (.+)$/s, (faces = '', person = '') =>
      told('person.faces-rejected', { count: count(faces.replace(/ (is|are)$/, '')), person: nameOf(person) }),
    ),
    match(/^hid (.+)$/s, (person = '') => told('person.hidden', { person: nameOf(person) })),
    match(/^showed (.+) again$/s, (person = '') => told('person.shown', { person: nameOf(person) })),
    match(/^chose the cover of (.+)$/s, (person = '') => told('person.cover', { person: nameOf(person) })),
    between('', ' is not ', (other, person) => told('person.apart', { other: nameOf(other), person: nameOf(person) })),
  ],
  clusters: [between('merged ', ' into ', (gone, into) => told('cluster.merged', { gone: clusterOf(gone), into: clusterOf(into) }))],
  albums: [
    after('put into the album ', 'album.photos-added', 'album'),
    after('took out of the album ', 'album.photos-removed', 'album'),
    after('moved photos in the album ', 'album.photos-moved', 'album'),
    after('deleted the album ', 'album.deleted', 'album'),
  ],
  vocabulary: [
    after('looks for the word ', 'word.looked-for', 'word'),
    after('added the word ', 'word.added', 'word'),
    after('removed the word ', 'word.removed', 'word'),
    match(/^(.+): said as measured$/s, (word) => told('word.as-measured', { word })),
    match(/^(.+): said from ([\d.]+) on$/s, (word, threshold) => told('word.from', { word, threshold: Number(threshold) })),
  ],
  products: [
    match(/^(?:wrote the ([\w, ]+?))?(?:; )?(?:reset the ([\w, ]+))? of product picture (\d+)$/, (written, reset, picture) =>
      told('product.words', { written: fieldsOf(written), reset: fieldsOf(reset), picture: Number(picture) }),
    ),
  ],
}

const PLAIN: Readonly<Record<string, Told>> = {
  'removed the rating': told('edit.rating-removed'),
  'marked as favourite': told('edit.favourite'),
  'no favourite any more': told('edit.no-favourite'),
  'wrote the title': told('edit.text-written', { field: 'title' }),
  'wrote the caption': told('edit.text-written', { field: 'caption' }),
  'wrote the alternative text': told('edit.text-written', { field: 'alt_text' }),
  'removed the title': told('edit.text-removed', { field: 'title' }),
  'removed the caption': told('edit.text-removed', { field: 'caption' }),
  'removed the alternative text': told('edit.text-removed', { field: 'alt_text' }),
  'moved to the trash': told('edit.trashed'),
  'took out of the trash': told('edit.restored'),
}

/** What is not of one operation alone; the name of a folder may hold anything, so it is asked before the sentence is split. */
const WHOLE: readonly Rule[] = [
  match(/^added the folder (.+) again$/s, (folder) => told('edit.folder-added', { folder })),
  after('removed the folder ', 'edit.folder-removed', 'folder'),
  match(/^said that (\d+) photos are no duplicates$/, (photos) => told('duplicates.different', { count: Number(photos) })),
  match(/^kept all (\d+) duplicates$/, (photos) => told('duplicates.kept-all', { count: Number(photos) })),
  match(/^kept (\d+) of (\d+) duplicates$/, (kept, all) => told('duplicates.kept', { kept: Number(kept), all: Number(all) })),
  match(/^kept the best of ([\d,]+) sets? of duplicates$/, (sets = '') =>
    told('duplicates.kept-best', { sets: Number(sets.replaceAll(',', '')) }),
  ),
]

const OPERATION: readonly Rule[] = [
  (sentence) => (Object.hasOwn(PLAIN, sentence) ? PLAIN[sentence] : undefined),
  match(/^rated ([0-5]) of 5$/, (rating) => told('edit.rated', { rating: Number(rating) })),
  match(/^reset ((?:tags|categories|title|caption|alt text|rating|favourite)(?:, [a-z ]+)*)$/, (fields) =>
    told('edit.reset', { fields: fieldsOf(fields).map((field) => field.replace(' ', '_')) }),
  ),
]

function readPhotos(sentence: string, targets: readonly OldTarget[]): Told | undefined {
  const whole = WHOLE.map((rule) => rule(sentence)).find(Boolean)
  if (whole) return whole
  const edits = sentence.split('; ').map((part) => readTags(part, targets) ?? readCategory(part) ?? readFirst(OPERATION, part))
  const [only] = edits
  if (edits.length === 1) return only
  return edits.every((one) => one !== undefined) ? told('edit.several', { edits }) : undefined
}

const readFirst = (rules: readonly Rule[], sentence: string): Told | undefined => rules.map((rule) => rule(sentence)).find(Boolean)

/** A tag may hold a comma: what was decided says which tags they are. */
function readTags(part: string, targets: readonly OldTarget[]): Told | undefined {
  const [, verb, many, list] = /^(added|removed) tag(s?) (.+)$/s.exec(part) ?? []
  if (list === undefined) return undefined
  const tags = many ? list.split(', ') : [list]
  const decided = new Set(targets.flatMap(({ set, key, value }) => (set === 'tag' && value === (verb === 'added') ? [key] : [])))
  if (!tags.every((tag) => decided.has(tag))) return undefined
  return told(verb === 'added' ? 'edit.tags-added' : 'edit.tags-removed', { tags })
}

function readCategory(part: string): Told | undefined {
  if (Object.hasOwn(PLAIN, part)) return undefined
  return after('put into ', 'edit.category-added', 'category')(part) ?? after('took out of ', 'edit.category-removed', 'category')(part)
}

/** Edits that are read at once. */
const BATCH = 2000

export async function up(db: Kysely<unknown>): Promise<void> {
  const wrap = (column: string) => sql`jsonb_build_object('code', 'text', 'params', jsonb_build_object('text', ${sql.ref(column)}))`
  await sql`alter table albums alter column problem type jsonb using case when problem is not null then ${wrap('problem')} end`.execute(db)
  await sql`alter table edits alter column summary type jsonb using ${wrap('summary')}`.execute(db)
  for (let last = 0; ; ) {
    const { rows } = await sql<{ id: number; area: string; sentence: string; targets: readonly OldTarget[] }>`
      select id, area, summary->'params'->>'text' as sentence, targets from edits where id > ${last} order by id limit ${BATCH}`.execute(db)
    const end = rows.at(-1)
    if (!end) return
    last = end.id
    const read = rows.map(({ id, area, sentence, targets }) => ({ id, summary: readSummary(area, sentence, targets) }))
    const known = read.filter(({ summary }) => summary.code !== 'text')
    await sql`update edits e set summary = k.summary from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as k (id integer, summary jsonb)
      where k.id = e.id`.execute(db)
  }
}
