/** @file Every server this library contacts by itself as it is set up now, for /health. */
import type { Config } from '../config/schema.ts'
import type { Health } from '../contract/library.ts'
import { type BucketPlace, readBlobPlace, type StoreSettings } from '../storage/read-stores.ts'

interface Parts {
  readonly describers: readonly string[]
  readonly texts: string | null
  readonly maker: readonly string[]
  readonly stores: readonly StoreSettings[]
}

/** On this machine too: that a server is one’s own does not say that it may be asked. */
export function listContacts(config: Config, { describers, texts, maker, stores }: Parts): Health['contacts'] {
  const { databaseUrl, modelDownload, modelHub } = config
  const blobs = readBlobPlace(config.blobs)
  const databaseHost = databaseUrl === undefined ? '' : new URL(databaseUrl).host
  return [
    ...describers.map((host) => ({ host, purpose: 'describes photos' })),
    ...(texts === null ? [] : [{ host: texts, purpose: 'turns descriptions and searches into vectors' }]),
    ...maker.map((host) => ({ host, purpose: 'makes scenes around products' })),
    ...(modelDownload === 'never'
      ? []
      : [{ host: new URL(modelHub).host, purpose: 'model downloads; large files come from where it redirects to' }]),
    ...(blobs === null ? [] : [{ host: hostOfBucket(blobs), purpose: 'files of the library' }]),
    ...stores.flatMap((store) =>
      'bucket' in store ? [{ host: hostOfBucket(store), purpose: `pictures of the store ${store.name}` }] : [],
    ),
    ...(databaseHost === '' ? [] : [{ host: databaseHost, purpose: 'database' }]),
  ]
}

function hostOfBucket({ bucket, region, endpoint, path_style }: BucketPlace): string {
  const host = endpoint === undefined ? `s3.${region}.amazonaws.com` : new URL(endpoint).host
  return path_style ? host : `${bucket}.${host}`
}
