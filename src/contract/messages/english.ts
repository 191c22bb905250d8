/** @file The sentences, in English. Each says what happened, then what to do. A key is never renamed: rows of libraries hold it. */
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
