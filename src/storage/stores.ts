/** @file The configured stores by name, opened once, and the way from a public address back to a picture in one of them. */
import { FototecaError } from '../domain/errors.ts'
import { type BlobStore, checkKey } from './blob-store.ts'
import { openBucketStore } from './bucket-store.ts'
import { openFolderStore } from './folder-store.ts'
import type { BucketSettings, StoreSettings } from './read-stores.ts'

export interface NamedStore {
  readonly settings: StoreSettings
  readonly blobs: BlobStore
}

export interface Stores extends AsyncDisposable {
  readonly all: readonly NamedStore[]
  /** @param name undefined: the default one. @throws FototecaError `invalid` naming the stores there are */
  get(name: string | undefined): NamedStore
  /** The picture an address is of: below a store's public address, or below `/stores/<name>/` of this program under any of its names. */
  find(url: URL): { readonly store: NamedStore; readonly key: string } | null
  /** @param base of this program as the client sees it, e.g. `http://localhost:8000` */
  urlOf(store: NamedStore, key: string, base: string): Promise<string>
}

/** Below this path the program itself shows the pictures of stores that have no public address. */
export const SERVED_AT = '/stores'

/** How this program’s own addresses are given to others. */
export interface OwnLinks {
  sign(path: string): string
  /** they have no end: then they stand in the place of a bucket’s signed ones, too */
  readonly isPermanent: boolean
}
const PLAIN: OwnLinks = { sign: (path) => path, isPermanent: false }

/**
 * @param scratch as of `openBucketStore`
 * @param first name of the default store; where there is none of that name it is the first of all
 */
export async function openStores(
  settings: readonly StoreSettings[],
  scratch: string,
  { links = PLAIN, first }: { readonly links?: OwnLinks; readonly first?: string } = {},
): Promise<Stores> {
  const stack = new AsyncDisposableStack()
  try {
    const all: NamedStore[] = []
    for (const store of settings) all.push({ settings: store, blobs: stack.use(await openStore(store, scratch)) })
    const closing = stack.move()
    return {
      all,
      get(name) {
        const store = all.find(({ settings }) => settings.name === (name ?? first)) ?? (name === undefined ? all[0] : undefined)
        if (store) return store
        const names = all.map(({ settings }) => settings.name).join(', ')
        throw new FototecaError('invalid', `website: there is no store “${name?.slice(0, 63)}”; there are ${names} (FOTOTECA_STORES)`)
      },
      find: (url) => findPlace(all, url),
      async urlOf({ settings, blobs }, key, base) {
        // signed by the bucket an address ends within days
        const own = settings.url === undefined && links.isPermanent ? null : await blobs.url(key)
        return own ?? `${base}${links.sign(`${SERVED_AT}/${settings.name}/${key.split('/').map(encodeURIComponent).join('/')}`)}`
      },
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

/** One store by itself; close it. */
export async function openStore(settings: StoreSettings, scratch: string): Promise<BlobStore> {
  if ('folder' in settings) return openFolderStore({ name: settings.name, folder: settings.folder, publicUrl: settings.url ?? null })
  return openBucketStore(settings.name, settings, scratch)
}

function findPlace(all: readonly NamedStore[], url: URL): { store: NamedStore; key: string } | null {
  for (const store of all) {
    for (const base of basesOf(store, url)) {
      const address = `${url.origin}${url.pathname}`
      if (!address.startsWith(`${base}/`)) continue
      try {
        return { store, key: checkKey(decodeURIComponent(address.slice(base.length + 1))) }
      } catch {
        return null // below a store, but nothing that can be in it
      }
    }
  }
  return null
}

function basesOf({ settings }: NamedStore, url: URL): string[] {
  const isOurs = url.protocol === 'http:' || url.protocol === 'https:'
  return [
    ...(settings.url === undefined ? [] : [settings.url]),
    ...('bucket' in settings ? bucketBases(settings) : []),
    ...(isOurs ? [`${url.origin}${SERVED_AT}/${settings.name}`] : []),
  ]
}

/** As signed addresses and S3’s own have it: the bucket in the path, or before the host. */
function bucketBases({ bucket, endpoint, region, prefix }: BucketSettings): string[] {
  const hosts = endpoint === undefined ? [`https://s3.${region}.amazonaws.com`, 'https://s3.amazonaws.com'] : [new URL(endpoint).origin]
  const below = prefix === '' ? '' : `/${prefix.slice(0, -1)}`
  return hosts.flatMap((host) => [`${host}/${bucket}${below}`, `${host.replace('://', `://${bucket}.`)}${below}`])
}
