/** @file The sentences, in English. Each says what happened, then what to do. A key is never renamed: rows of libraries hold it. */
import type { Resettable } from '../edits.ts'
import type { WordField } from '../product-words.ts'
import type { StepName } from '../words.ts'
import { type Expected, sayExpected } from './expected.ts'
import type { Said, Writing } from './writing.ts'

/** What could not be done when a step failed. */
const NOT_DONE: Readonly<Record<StepName, string>> = {
  prepare: 'the file couldn’t be opened',
  metadata: 'the metadata couldn’t be read',
  colours: 'the colours couldn’t be read',
  look: 'the look couldn’t be measured',
  objects: 'objects couldn’t be detected',
  labels: 'labels couldn’t be found',
  embedding: 'the meaning couldn’t be computed',
  ocr: 'text couldn’t be read',
  faces: 'faces couldn’t be detected',
  hash: 'the fingerprint couldn’t be computed',
  duplicates: 'duplicates couldn’t be looked for',
  tags: 'tags couldn’t be found',
  description: 'the description couldn’t be written',
  inspiration: 'the inspiration prompt couldn’t be written',
}

const TEXT_FIELDS = { title: 'title', caption: 'caption', alt_text: 'alternative text' } as const
export type TextField = keyof typeof TEXT_FIELDS
const RESET: Readonly<Record<Resettable, string>> = {
  tags: 'tags',
  categories: 'categories',
  title: 'title',
  caption: 'caption',
  alt_text: 'alt text',
  rating: 'rating',
  favourite: 'favourite',
}

/** null: without a name */
export type PersonName = string | null
const sayPerson = (name: PersonName): string => name ?? 'a person without a name'
const countFaces = (count: number, write: Writing): string => (count === 1 ? 'a face' : `${write.number(count)} faces`)

/** Counted units of a limit. */
const ITEMS = { characters: { one: 'character', other: 'characters' }, items: { one: 'item', other: 'items' } } as const

interface Bound {
  readonly bound: number | string
  /** what is counted; null: the value itself */
  readonly of: keyof typeof ITEMS | null
}
const bounded = ({ bound, of }: Bound, write: Writing): string =>
  typeof bound !== 'number' ? bound : of === null ? String(bound) : write.count(bound, ITEMS[of])

/** Links that lead out of a folder, the first few by name. */
interface Links {
  readonly count: number
  readonly examples: readonly { readonly path: string; readonly target: string }[]
}
const sayLinks = ({ count, examples }: Links): string =>
  `${examples.map(({ path, target }) => `${JSON.stringify(path)} → ${target}`).join(', ')}${count > examples.length ? ', …' : ''}`

interface Paths {
  readonly count: number
  /** '' is the folder itself */
  readonly first: string
}
const sayFirst = (count: number, first: string): string =>
  `${first === '' ? 'the folder itself' : JSON.stringify(first)}${count > 1 ? ', …' : ''}`

export const ENGLISH = {
  /** a sentence that has no code: of another program, of the system, or of an earlier version */
  text: ({ text }: { text: string }) => text,

  'step.blocked': ({ step }: { step: StepName }) => `Skipped: ${NOT_DONE[step] ?? step}`,
  'step.not-saved': ({ cause }: { cause: Said }, write: Writing) => `The result couldn’t be saved: ${write.say(cause)}`,
  'step.crashed': ({ cause, times }: { cause: Said; times: number }, write: Writing) =>
    `${write.say(cause)}; gave up after ${write.count(times, { one: 'attempt', other: 'attempts' })}`,
  'analysis.timed-out': ({ step, seconds }: { step: StepName; seconds: number }, write: Writing) =>
    `${step} took longer than ${write.number(seconds)} s`,
  'analysis.ended': ({ how }: { how: string }) => `The analysis process ended unexpectedly (${how})`,
  /** failures of earlier versions, which an outage caused; now none fails a photo */
  'step.outage': ({ text }: { text: string }) => text,
  'call.unknown': () =>
    'fototeca ended while the model was asked, so it is not known whether it answered. The call counts towards the budget and is not repeated by itself; try again to send another',
  'ocr.too-small': () => 'The picture is too small to hold text',
  'tags.no-embedding': () => 'The meaning of the picture is not known, so it has no tags',
  'model.no-tagger': () => 'No tagger is installed; photos are tagged in words',
  'model.no-embedding': () => 'No image–text model is installed; search by meaning waits for one',
  'file.over-limit': ({ bytes, limit }: { bytes: number; limit: number }, write: Writing) =>
    `The file has ${write.bytes(bytes)}; the maximum upload size is ${write.bytes(limit)} (FOTOTECA_MAX_BYTES)`,
  'file.larger-than-limit': ({ limit }: { limit: number }, write: Writing) =>
    `The file is larger than ${write.bytes(limit)}, the maximum upload size (FOTOTECA_MAX_BYTES)`,
  'file.format-off': ({ format, allowed }: { format: string; allowed: readonly string[] }) =>
    `${format} files are not accepted here (FOTOTECA_FORMATS allows ${allowed.join(', ')})`,

  'folder.absent': ({ folder }: { folder: string }) =>
    `The folder ${folder} is not there (renamed, or its disk is not mounted?). Nothing was changed`,
  'folder.many-gone': ({ folder, known, gone }: { folder: string; known: number; gone: number }, write: Writing) =>
    `${folder}: ${gone === known ? 'none' : `only ${write.number(known - gone)}`} of ${write.count(known, { one: 'known file is', other: 'known files are' })} there. Nothing was changed, in case a disk is not mounted; if the files were really removed, scan again with force`,
  'folder.links-outside': (links: Links, write: Writing) =>
    `${write.count(links.count, { one: 'link leads', other: 'links lead' })} out of the folder and ${links.count === 1 ? 'was' : 'were'} skipped (${sayLinks(links)}): to follow ${links.count === 1 ? 'it' : 'them'}, allow the target with --follow-links`,
  'folder.kernel-paths': (links: Links, write: Writing) =>
    `${write.count(links.count, { one: 'path leads', other: 'paths lead' })} into a file system of the kernel and ${links.count === 1 ? 'was' : 'were'} skipped (${sayLinks(links)})`,
  'folder.unreadable': ({ count, first }: Paths, write: Writing) =>
    `${write.count(count, { one: 'file or folder', other: 'files or folders' })} cannot be read (${sayFirst(count, first)}): check permissions`,
  'folder.bad-names': ({ count, first }: Paths, write: Writing) =>
    `${write.count(count, { one: 'name is', other: 'names are' })} not valid UTF-8 (${sayFirst(count, first)}): rename them to have them taken`,
  'folder.being-written': ({ count }: { count: number }, write: Writing) =>
    `${write.count(count, { one: 'file was', other: 'files were' })} being written; scan again when done`,
  'folder.polled': ({ reason }: { reason: string }) =>
    `Changes are looked for once a minute, because the system has no more watches (${reason}; raise fs.inotify.max_user_watches)`,

  'edit.undone': ({ edit }: { edit: Said }, write: Writing) => `undid: ${write.say(edit)}`,
  'edit.several': ({ edits }: { edits: readonly Said[] }, write: Writing) => edits.map(write.say).join('; '),
  'edit.tags-added': ({ tags }: { tags: readonly string[] }) => `added ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}`,
  'edit.tags-removed': ({ tags }: { tags: readonly string[] }) => `removed ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}`,
  'edit.category-added': ({ category }: { category: string }) => `put into ${category}`,
  'edit.category-removed': ({ category }: { category: string }) => `took out of ${category}`,
  'edit.rated': ({ rating }: { rating: number }, write: Writing) => `rated ${write.number(rating)} of ${write.number(5)}`,
  'edit.rating-removed': () => 'removed the rating',
  'edit.favourite': () => 'marked as favourite',
  'edit.no-favourite': () => 'no favourite any more',
  'edit.text-written': ({ field }: { field: TextField }) => `wrote the ${TEXT_FIELDS[field] ?? field}`,
  'edit.text-removed': ({ field }: { field: TextField }) => `removed the ${TEXT_FIELDS[field] ?? field}`,
  'edit.trashed': () => 'moved to the trash',
  'edit.restored': () => 'took out of the trash',
  'edit.reset': ({ fields }: { fields: readonly Resettable[] }) => `reset ${fields.map((field) => RESET[field] ?? field).join(', ')}`,
  'edit.folder-added': ({ folder }: { folder: string }) => `added the folder ${folder} again`,
  'edit.folder-removed': ({ folder }: { folder: string }) => `removed the folder ${folder}`,

  'duplicates.different': ({ count }: { count: number }, write: Writing) => `said that ${write.number(count)} photos are no duplicates`,
  'duplicates.kept-all': ({ count }: { count: number }, write: Writing) => `kept all ${write.number(count)} duplicates`,
  'duplicates.kept': ({ kept, all }: { kept: number; all: number }, write: Writing) =>
    `kept ${write.number(kept)} of ${write.number(all)} duplicates`,
  'duplicates.kept-best': ({ sets }: { sets: number }, write: Writing) =>
    `kept the best of ${write.count(sets, { one: 'set', other: 'sets' })} of duplicates`,

  'person.named': ({ name }: { name: string }) => `named ${name}`,
  'person.renamed': ({ from, to }: { from: string; to: string }) => `renamed ${from} to ${to}`,
  'person.name-removed': ({ name }: { name: string | null }) => `took the name ${name} away`,
  'person.merged': ({ gone, into }: { gone: PersonName; into: PersonName }) => `merged ${sayPerson(gone)} into ${sayPerson(into)}`,
  'person.merged-already': () => 'merged already',
  'person.faces-moved': ({ count, person }: { count: number; person: PersonName }, write: Writing) =>
    `moved ${countFaces(count, write)} to ${sayPerson(person)}`,
  'person.faces-rejected': ({ count, person }: { count: number; person: PersonName }, write: Writing) =>
    `${countFaces(count, write)} ${count === 1 ? 'is' : 'are'} not ${sayPerson(person)}`,
  'person.hidden': ({ person }: { person: PersonName }) => `hid ${sayPerson(person)}`,
  'person.shown': ({ person }: { person: PersonName }) => `showed ${sayPerson(person)} again`,
  'person.cover': ({ person }: { person: PersonName }) => `chose the cover of ${sayPerson(person)}`,
  'person.apart': ({ other, person }: { other: PersonName; person: PersonName }) => `${sayPerson(other)} is not ${sayPerson(person)}`,

  'cluster.merged': ({ gone, into }: { gone: string | null; into: string | null }) =>
    `merged ${gone ?? 'a cluster without a name'} into ${into ?? 'a cluster without a name'}`,

  'album.photos-added': ({ album }: { album: string }) => `put into the album ${album}`,
  'album.photos-removed': ({ album }: { album: string }) => `took out of the album ${album}`,
  'album.photos-moved': ({ album }: { album: string }) => `moved photos in the album ${album}`,
  'album.deleted': ({ album }: { album: string }) => `deleted the album ${album}`,

  'word.looked-for': ({ word }: { word: string }) => `looks for the word ${word}`,
  'word.added': ({ word }: { word: string }) => `added the word ${word}`,
  'word.removed': ({ word }: { word: string }) => `removed the word ${word}`,
  'word.as-measured': ({ word }: { word: string }) => `${word}: said as measured`,
  'word.from': ({ word, threshold }: { word: string; threshold: number }, write: Writing) =>
    `${word}: said from ${write.number(threshold)} on`,

  'product.words': ({ written, reset, picture }: { written: readonly WordField[]; reset: readonly WordField[]; picture: number }) =>
    `${[
      ...(written.length > 0 ? [`wrote the ${written.join(', ')}`] : []),
      ...(reset.length > 0 ? [`reset the ${reset.join(', ')}`] : []),
    ].join('; ')} of product picture ${picture}`,

  'request.invalid': ({ fields }: { fields: readonly { readonly field: string; readonly problem: Said }[] }, write: Writing) =>
    fields.map(({ field, problem }) => `${field}: ${write.say(problem)}`).join('; '),
  'field.missing': () => 'is missing',
  'field.type': ({ expected }: { expected: Expected }) => `must be ${sayExpected(expected)}`,
  'field.at-least': (bound: Bound, write: Writing) => `must ${bound.of === null ? 'be' : 'have'} at least ${bounded(bound, write)}`,
  'field.at-most': (bound: Bound, write: Writing) => `must ${bound.of === null ? 'be' : 'have'} at most ${bounded(bound, write)}`,
  'field.more-than': (bound: Bound, write: Writing) => `must ${bound.of === null ? 'be' : 'have'} more than ${bounded(bound, write)}`,
  'field.less-than': (bound: Bound, write: Writing) => `must ${bound.of === null ? 'be' : 'have'} less than ${bounded(bound, write)}`,
  'field.empty': () => 'must not be empty',
  'field.apart': () => 'these fields do not go together',

  'access.not-allowed': () => 'this is not for you to do',
  'access.sign-in': () => 'sign in, or send FOTOTECA_TOKEN or an API key: Authorization: Bearer <token>',
  'describe.split-facts': () => 'only the description of photos can be split between two models',
  'describe.split-same': () => 'split: choose two different describers',
  'description.none': ({ by }: { by: string }) => `${by} did not describe this photo`,
  'account.none': ({ id }: { id: number }) => `there is no account ${id}`,
  'account.taken': ({ name }: { name: string }) => `there is an account ${JSON.stringify(name)} already`,
  'account.first': () => 'the first account must be an owner with a password',
  'account.last-owner': () => 'at least one owner who can sign in must be left',
  'account.wrong-password': () => 'the old password is wrong',
  'account.no-account': () => 'you are not signed in with an account',
  'account.wider-key': ({ role, scopes }: { role: string; scopes: readonly string[] }) =>
    `the account is a ${role}, so its key cannot be used to ${scopes.join(', ')}`,
  'account.key-of-nobody': () => 'an API key belongs to an account: make one first, and name it here (account)',
  'session.none': ({ id }: { id: number }) => `there is no session ${id}; it may have ended`,
  'key.none': ({ id }: { id: number }) => `there is no API key ${id}`,

  'link.wrong': () => 'this address was changed, or signed with another key; ask for a new one',
  'link.expired': ({ at }: { at: string }) => `this address could be used until ${at}; ask for a new one`,

  'http.content-type': () => 'this content type is not accepted here',
  'http.body-too-large': () => 'the body of the request is too large',
  'http.not-json': () => 'the body is not JSON',
  'http.empty-json': () => 'the body is empty; JSON was announced',
  'http.body-length': () => 'the body is not as long as announced',
  'http.long-address': () => 'there is nothing at an address this long',
  'http.bad-url': () => 'the URL is not well formed',
  'http.send-multipart': () => 'send the pictures as multipart/form-data',
  'http.file-too-large': () => 'the file is larger than FOTOTECA_MAX_BYTES allows',
  'http.too-many-parts': () => 'too many parts in one request',
  'http.too-many-files': () => 'too many files in one request',
  'http.too-many-fields': () => 'too many fields in one request',
  'http.cut-off': () => 'the connection ended before the whole file arrived',
  'http.damaged-multipart': ({ text }: { text: string }) => `the multipart body is damaged: ${text}`,
  'http.bad-request': () => 'the request is not well formed',
  'http.no-route': ({ method, path }: { method: string; path: string }) => `there is no ${method} ${path} here; /docs lists what there is`,
  'http.wrong-method': ({ method, path, allowed }: { method: string; path: string; allowed: readonly string[] }) =>
    `${path} does not answer ${method}; it answers ${allowed.join(', ')}`,
  'http.bad-value': () => 'a value in the request cannot be used',
  'http.internal': () => 'something went wrong inside fototeca; the log says what',
  'http.disk-full': () => 'the disk is full; make room and try again',
  'http.unavailable': () => 'the database or the disk does not answer at the moment; try again',
  'http.no-database': () => 'the database does not answer at the moment',
  'http.open-files': () => 'too many open files at the moment',
} as const satisfies Record<string, (params: never, write: Writing) => string>
