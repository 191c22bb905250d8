/**
 * @file Where backups lie: a folder, or a configured store (`store:NAME`), below a prefix of its own. Opened for writing it must belong to this
 * library or be empty; opened for reading nothing is made or changed.
 */
import { randomUUID } from 'node:crypto'
import { access, constants, mkdir, realpath, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { ProductProfileName } from '../domain/product/product-profiles.ts'
import { type BlobStore, bytesSource } from '../storage/blob-store.ts'
import { isWithin } from '../storage/bounds.ts'
import { openFolderStore } from '../storage/folder-store.ts'
import { readStores } from '../storage/read-stores.ts'
import { openStore } from '../storage/stores.ts'

export interface BackupPlace extends AsyncDisposable {
  /** as a person named it, made absolute */
  readonly shown: string
  readonly blobs: Pick<BlobStore, 'put' | 'get' | 'stat' | 'delete' | 'deleteBelow' | 'list'>
  /** null: as much as is paid for, or nobody knows */
  freeBytes(): Promise<number | null>
}

export interface PlaceSettings {
  readonly dataDir: string
  readonly stores: string | undefined
  readonly productProfile: ProductProfileName
}

const STORE = /^store:(?<name>.+)$/
/** Below it everything lies in a store, which may hold other things too. */
const PREFIX = 'fototeca-backup/'
const MARK = 'fototeca-backup.json'
const Mark = z.object({ format: z.number().int(), library: z.string() })
const FORMAT = 1

/** To restore from and to check. @throws FototecaError `invalid`, `config`, `unavailable` */
export async function openPlaceToRead(target: string, settings: PlaceSettings): Promise<BackupPlace> {
  const store = STORE.exec(target)?.groups?.name
  const place = store === undefined ? await openFolder(resolve(target), true) : await openBucket(store, settings)
  try {
    if ((await readMark(place)) !== null) return place
    throw new FototecaError(
      'invalid',
      `${place.shown} holds no backups of fototeca (there is no ${MARK}); name the folder that was given to \`fototeca backup\``,
    )
  } catch (error) {
    await place[Symbol.asyncDispose]()
    throw error
  }
}

/**
 * @param library id of the library: two libraries in one place would remove each other’s backups
 * @param sources folders that are indexed: what is written into one would be taken for photos
 * @throws FototecaError `invalid`, `config`, `unavailable`
 */
export async function openPlaceToWrite(
  target: string,
  settings: PlaceSettings,
  library: string,
  sources: readonly string[] = [],
): Promise<BackupPlace> {
  const store = STORE.exec(target)?.groups?.name
  const place = store === undefined ? await makeFolder(resolve(target), settings.dataDir, sources) : await openBucket(store, settings)
  try {
    const mark = await readMark(place)
    if (mark === null) await begin(place, library)
    else if (mark.library !== library)
      throw new FototecaError('invalid', `${place.shown} holds the backups of another library; choose a folder of its own for this one`)
    return place
  } catch (error) {
    await place[Symbol.asyncDispose]()
    throw error
  }
}

/** Copies of the database that the library makes by itself lie in its data folder. */
export async function openOwnPlace(folder: string, library: string): Promise<BackupPlace> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = await openFolder(folder, false)
  if ((await readMark(place)) === null) await begin(place, library)
  return place
}

async function begin({ blobs, shown }: BackupPlace, library: string): Promise<void> {
  for await (const { key } of blobs.list())
    throw new FototecaError(
      'invalid',
      `${shown} is not empty (it has ${key}) and holds no backups; choose an empty folder, or one that does not exist yet`,
    )
  await blobs.put(MARK, bytesSource(JSON.stringify({ format: FORMAT, library }), 'application/json'))
}

/** null: nothing was backed up to here. */
async function readMark({ blobs, shown }: BackupPlace): Promise<z.infer<typeof Mark> | null> {
  if ((await blobs.stat(MARK)) === null) return null
  let mark: z.infer<typeof Mark>
  try {
    mark = Mark.parse(JSON.parse(await text((await blobs.get(MARK)).stream)))
  } catch (error) {
    if (error instanceof FototecaError) throw error
    throw new FototecaError('invalid', `${MARK} in ${shown} is damaged: ${describeError(error).split('\n', 1)[0]}`, { cause: error })
  }
  if (mark.format !== FORMAT)
    throw new FototecaError(
      'invalid',
      `the backups in ${shown} are of format ${mark.format}, this program knows ${FORMAT}; use the version that made them`,
    )
  return mark
}

async function openFolder(folder: string, isReadOnly: boolean): Promise<BackupPlace> {
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new FototecaError('invalid', `there is no folder ${folder}; is its disk mounted?`)
  const blobs = await openFolderStore({ name: basename(folder), folder, publicUrl: null, isReadOnly })
  return {
    shown: folder,
    blobs,
    freeBytes: async () => {
      const { bavail, bsize, blocks } = await statfs(folder)
      return blocks === 0 ? null : bavail * bsize
    },
    [Symbol.asyncDispose]: () => blobs[Symbol.asyncDispose](),
  }
}

async function makeFolder(folder: string, dataDir: string, sources: readonly string[]): Promise<BackupPlace> {
  const parent = await realpath(dirname(folder)).catch(() => null)
  // not made: in place of a disk that is not mounted it would fill the one below
  if (parent === null)
    throw new FototecaError('invalid', `there is no folder ${dirname(folder)} to make ${basename(folder)} in; is its disk mounted?`)
  const real = await realpath(folder).catch(() => join(parent, basename(folder)))
  if (isWithin(await realpath(dataDir), real))
    throw new FototecaError(
      'invalid',
      `${folder} lies in the data folder (${dataDir}), and would be lost with it; choose a folder on another disk`,
    )
  const source = sources.find((each) => isWithin(each, real))
  if (source !== undefined)
    throw new FototecaError(
      'invalid',
      `${folder} lies in ${source}, whose photos are indexed: the backup would be taken for photos; choose another folder`,
    )
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    if (!(await stat(folder)).isDirectory()) throw new FototecaError('invalid', `${folder} is a file, not a folder`)
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return await openFolder(folder, false)
  } catch (error) {
    if (error instanceof FototecaError) throw error
    throw new FototecaError('invalid', `${folder} cannot be written: ${describeError(error)}; make it writable, or choose another folder`, {
      cause: error,
    })
  }
}

async function openBucket(name: string, { stores, dataDir, productProfile }: PlaceSettings): Promise<BackupPlace> {
  const all = readStores(stores, dataDir, productProfile)
  const settings = all.find((store) => store.name === name)
  if (!settings)
    throw new FototecaError(
      'invalid',
      `there is no store ${name}; there are ${all.map((store) => store.name).join(', ')} (FOTOTECA_STORES)`,
    )
  if (settings.url !== undefined)
    throw new FototecaError(
      'invalid',
      `what lies in the store ${name} is public (its url is ${settings.url}), and a backup holds everything; choose another store`,
    )
  if ('folder' in settings && isWithin(dataDir, settings.folder))
    throw new FototecaError('invalid', `the store ${name} lies in the data folder, and would be lost with it; choose another`)
  const store = await openStore(settings, join(dataDir, 'stores-copy'))
  return {
    shown: `store:${name}`,
    blobs: withPrefix(store, PREFIX),
    freeBytes: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

function withPrefix(store: BlobStore, prefix: string): BackupPlace['blobs'] {
  const inner = <T extends { readonly key: string }>(blob: T): T => ({ ...blob, key: blob.key.slice(prefix.length) })
  return {
    put: (key, source, options) => store.put(prefix + key, source, options),
    get: (key, options) => store.get(prefix + key, options),
    stat: async (key) => {
      const found = await store.stat(prefix + key)
      return found && inner(found)
    },
    delete: (key) => store.delete(prefix + key),
    deleteBelow: (folder) => store.deleteBelow(prefix + folder),
    async *list(below = '') {
      for await (const blob of store.list(prefix + below)) yield inner(blob)
    },
  }
}

/** A new id for a library that was never backed up. */
export const makeLibraryId = (): string => randomUUID()
