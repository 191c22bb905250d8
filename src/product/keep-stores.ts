/** @file Stores as a whole: what is in them, whether that is what the rows say, and copying one into another. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { z } from 'zod'
import type { VerifyRequest } from '../contract/products.ts'
import type { Db } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { NamedStore, Stores } from '../storage/stores.ts'
import { mediaTypeOfName } from './media-type.ts'
import type { SpaceFilling } from './own-space.ts'
import { isZip } from './put-zip.ts'
import { countStates, listStoredKeys } from './store-products.ts'

const PAGE = 500
/** Names told of each kind; the counts are whole. */
const MAX_TOLD = 1000

export interface KeepStoresDeps {
  readonly db: Db
  readonly stores: Stores
  /** the embedding space in which uploads are compared now, and the one that is being filled for them */
  readonly compared: () => Promise<{ readonly space: string; readonly filling: SpaceFilling | null }>
  readonly log: Log
}

export type KeepStores = ReturnType<typeof createKeepStores>

export function createKeepStores({ db, stores, compared, log }: KeepStoresDeps) {
  return {
    async list() {
      const counts = await countStates(db)
      const space = await compared()
      return stores.all.map(({ settings }) => {
        const count = (state: string) => counts.find((row) => row.store === settings.name && row.state === state)?.count ?? 0
        return {
          name: settings.name,
          kind: 'folder' in settings ? ('folder' as const) : ('bucket' as const),
          duplicate_distance: settings.duplicate_distance,
          hold: settings.hold,
          stored: count('stored'),
          held: count('held'),
          trashed: count('trashed'),
          ...space,
        }
      })
    },

    /** @param deep reads every picture and compares its sum; otherwise its length alone. @param rows_of a store this one is a copy of */
    async verify(name: string, { deep: isDeep, rows_of }: z.output<typeof VerifyRequest>) {
      const { blobs } = stores.get(name)
      const rowsOf = stores.get(rows_of ?? name).settings.name
      const [missing, wrong, unknown]: [string[], string[], string[]] = [[], [], []]
      const known = new Set<string>()
      for (let after = ''; ; ) {
        const page = await listStoredKeys(db, rowsOf, after, PAGE)
        for (const row of page) {
          known.add(row.key)
          const there = await blobs.stat(row.key)
          if (!there) missing.push(row.key)
          else if (there.bytes !== row.bytes || (isDeep && (await hashOf((await blobs.get(row.key)).stream)) !== row.sha256))
            wrong.push(row.key)
        }
        if (page.length < PAGE) break
        after = page.at(-1)?.key ?? ''
      }
      for await (const { key } of blobs.list()) if (!known.has(key) && !isZip(key)) unknown.push(key)
      return {
        store: name,
        pictures: known.size,
        missing: missing.slice(0, MAX_TOLD),
        wrong: wrong.slice(0, MAX_TOLD),
        unknown: unknown.slice(0, MAX_TOLD),
      }
    },

    /** Every picture of one store into another under the same name, verified on the way; what is there already is left. Rows stay as they are. */
    async copy(from: string, to: string) {
      if (from === to) throw new FototecaError('invalid', 'to: a store cannot be copied into itself')
      const [source, target] = [stores.get(from), stores.get(to)]
      const result = { copied: 0, there: 0, failed: [] as string[] }
      for await (const blob of source.blobs.list()) {
        try {
          const there = await target.blobs.stat(blob.key)
          if (there?.bytes === blob.bytes && (await isSame(source, blob.key, there.sha256))) {
            result.there++
            continue
          }
          await source.blobs.withLocalFile(blob.key, async (path) => {
            const open = () => createReadStream(path)
            const sha256 = await hashOf(open())
            await target.blobs.put(blob.key, { bytes: blob.bytes, sha256, contentType: mediaTypeOfName(blob.key), open })
          })
          result.copied++
        } catch (error) {
          log.warn({ from, to, key: blob.key, reason: describeError(error) }, 'a picture could not be copied')
          result.failed.push(blob.key)
        }
      }
      return { ...result, failed: result.failed.slice(0, MAX_TOLD) }
    },
  }
}

/** By what both stores remember; a store that remembers nothing is believed by its length (`verify` with `deep` reads it). */
async function isSame({ blobs }: NamedStore, key: string, sha256: string | null): Promise<boolean> {
  if (sha256 === null) return true
  const own = (await blobs.stat(key))?.sha256 ?? null
  return own === null || own === sha256
}

async function hashOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}
