/** @file Product pictures: the stores they lie in, and the door by which addresses are fetched. */
import type { Config } from '../config/schema.ts'
import { fetchPicture } from '../storage/fetch-picture.ts'
import { readStores } from '../storage/read-stores.ts'
import { openStores } from '../storage/stores.ts'

export async function composeProducts(config: Config, stack: AsyncDisposableStack) {
  const stores = stack.use(await openStores(readStores(config.stores, config.dataDir)))
  return {
    stores: { open: async (store: string, key: string) => stores.get(store).blobs.get(key) },
    /** of a configured store or an allowed host; see `storage/fetch-picture.ts` for what is refused */
    fetchPicture: (address: string, signal?: AbortSignal) =>
      fetchPicture(
        {
          findInStores: (url) => {
            const found = stores.find(url)
            return found && { key: found.key, open: () => found.store.blobs.get(found.key) }
          },
          allowed: config.fetchFrom,
          maxBytes: config.maxBytes,
        },
        address,
        signal,
      ),
  }
}
