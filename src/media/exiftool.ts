/**
 * @file The exiftool processes: started when needed, shared by all photos, ended with this process or by `endExiftool`. What a file may
 * cost there is bounded in `exiftool-config.pl`.
 */
import { mkdtempDisposable, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { ExifTool, type WriteTags } from 'exiftool-vendored'
import { FototecaError } from '../domain/errors.ts'

/** Far above the slowest file seen (a 25 MB RAW: 0.2 s); a file that keeps perl busy longer is given up, and its perl is ended. */
const TASK_TIMEOUT_MS = 15_000
/** As many as photos are analysed at once by default: one that takes long holds up none of the others. */
const MAX_PROCESSES = 4
/** A process weighs some 50 MB; one that nobody needs is let go. */
const IDLE_MS = 30_000

export type ExifTags = Readonly<Record<string, unknown>>
export type EmbeddedImage = 'JpgFromRaw' | 'JpgFromRaw2' | 'PreviewImage' | 'OtherImage' | 'ThumbnailImage'

let running: ExifTool | undefined

function getExiftool(): ExifTool {
  running ??= new ExifTool({
    maxProcs: MAX_PROCESSES,
    maxIdleMsPerProcess: IDLE_MS,
    minDelayBetweenSpawnMillis: 0,
    maxTasksPerProcess: 500,
    taskTimeoutMillis: TASK_TIMEOUT_MS,
    spawnTimeoutMillis: TASK_TIMEOUT_MS,
    taskRetries: 0,
    // our own configuration: it ends the process with its parent, and keeps that of the user's home from being read
    exiftoolArgs: ['-config', join(import.meta.dirname, 'exiftool-config.pl'), '-stay_open', 'True', '-@', '-'],
  })
  return running
}

/**
 * The asked tags of a file, values of binary tags as “(Binary data … bytes …)”.
 * @throws FototecaError `unavailable` when perl is not installed, `unreadable_picture` when it takes too long (so it is not tried again by
 * itself); exiftool’s own error when it cannot read the file
 */
export async function readTags(path: string, args: readonly string[]): Promise<ExifTags> {
  return withPlainName(path, (plain) =>
    callExiftool((exiftool) => exiftool.readRaw(plain, { readArgs: ['-m', '-fast', ...args] })),
  ) as Promise<ExifTags>
}

export async function extractEmbedded(path: string, image: EmbeddedImage): Promise<Buffer> {
  return withPlainName(path, (plain) => callExiftool((exiftool) => exiftool.extractBinaryTagToBuffer(image, plain)))
}

/** exiftool is told one argument a line: a path with a line break in it is read through a link. */
async function withPlainName<T>(path: string, read: (plain: string) => Promise<T>): Promise<T> {
  return /\p{Cc}/u.test(path) ? await readThroughLink(path, `file${extname(path).replaceAll(/\p{Cc}/gu, '')}`, read) : await read(path)
}

/** Reads a file under another name, which lasts as long as the reading. */
export async function readThroughLink<T>(path: string, name: string, read: (link: string) => Promise<T>): Promise<T> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-link-'))
  const link = join(folder.path, name)
  await symlink(resolve(path), link)
  return await read(link)
}

/** Writes into a file of ours, never into an original: a null takes a tag away, a list replaces the list. A `.xmp` is made when missing. */
export async function writeTags(path: string, tags: WriteTags): Promise<void> {
  await callExiftool((exiftool) => exiftool.write(path, tags, { writeArgs: ['-overwrite_original', '-m'] }))
}

async function callExiftool<T>(call: (exiftool: ExifTool) => Promise<T>): Promise<T> {
  try {
    return await call(getExiftool())
  } catch (error) {
    if (/perl must be installed|ENOENT.*perl/i.test(String(error)))
      throw new FototecaError(
        'unavailable',
        'perl is not installed, and reading this kind of file needs it (on Debian: apt install perl)',
        {
          cause: error,
        },
      )
    if (/timeout/i.test(String(error)))
      throw new FototecaError('unreadable_picture', `the file’s metadata took longer than ${TASK_TIMEOUT_MS / 1000} s; it was given up`, {
        cause: error,
      })
    throw error
  }
}

/** Ends the process, if there is one; a later call starts another. */
export async function endExiftool(): Promise<void> {
  const ending = running
  running = undefined
  await ending?.end()
}
