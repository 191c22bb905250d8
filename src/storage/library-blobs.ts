/** @file The blob stores of the library: uploaded originals, what is shown of photos, pictures that wait for approval, lists of exports. */
import { join } from 'node:path'
import type { BlobStore } from './blob-store.ts'
import { openFolderStore } from './folder-store.ts'
import { BLOB_PARTS, type BlobPart } from './keys.ts'

export type LibraryBlobs = AsyncDisposable & { readonly [part in BlobPart]: BlobStore }

/** One store per part. A link among the originals leads to no original: what is analysed and sent is what was uploaded. */
export async function openLibraryBlobs(dataDir: string): Promise<LibraryBlobs> {
  const stores = await Promise.all(
    BLOB_PARTS.map((part) => openFolderStore({ name: part, folder: join(dataDir, part), publicUrl: null, isClosed: part === 'originals' })),
  )
  const [originals, renditions, held, exports] = stores as [BlobStore, BlobStore, BlobStore, BlobStore]
  return {
    originals,
    renditions,
    held,
    exports,
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store[Symbol.asyncDispose]()
    },
  }
}
