/** @file The blob stores of the library: uploaded originals, what is shown of photos, pictures that wait for approval, lists of exports. */
import { join } from 'node:path'
import type { BlobStore } from './blob-store.ts'
import { openBucketStore } from './bucket-store.ts'
import { openFolderStore } from './folder-store.ts'
import { BLOB_PARTS, type BlobPart } from './keys.ts'
import { readBlobPlace } from './read-stores.ts'

export interface LibraryBlobs extends AsyncDisposable, Readonly<Record<BlobPart, BlobStore>> {
  /** for a person; null: the data folder */
  readonly bucket: string | null
}

/** Originals that were needed by path stay on this machine up to so many bytes: most are needed again soon, by the next step. */
const KEPT_BYTES = 1_000_000_000

interface BlobSettings {
  readonly dataDir: string
  /** FOTOTECA_BLOBS */
  readonly blobs?: string | undefined
}

/**
 * One store per part. Rows go before what they name: what is back after a power cut belongs to nothing, and is swept or made anew. A link among
 * the originals leads to no original: what is analysed and sent is what was uploaded.
 * @throws FototecaError `config`
 */
export async function openLibraryBlobs({ dataDir, blobs }: BlobSettings): Promise<LibraryBlobs> {
  const place = readBlobPlace(blobs)
  const open = async (part: BlobPart): Promise<BlobStore> => {
    const isOriginal = part === 'originals'
    if (place === null)
      return openFolderStore({ name: part, folder: join(dataDir, part), publicUrl: null, isClosed: isOriginal, isDeleteDurable: false })
    const within = { ...place, prefix: `${place.prefix}${part}/` }
    return openBucketStore(`${place.bucket}/${part}`, within, join(dataDir, 'blobs-copy'), { keptBytes: isOriginal ? KEPT_BYTES : 0 })
  }
  const opened = await Promise.all(BLOB_PARTS.map(async (part) => [part, await open(part)] as const))
  const stores = Object.fromEntries(opened) as Record<BlobPart, BlobStore>
  return {
    ...stores,
    bucket: place && `s3://${place.bucket}/${place.prefix}`,
    async [Symbol.asyncDispose]() {
      for (const [, store] of opened) await store[Symbol.asyncDispose]()
    },
  }
}
