/** @file The setting FOTOTECA_STORES: names of stores and where each keeps its pictures, as JSON or as the path of a JSON file. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { describeError, FototecaError } from '../domain/errors.ts'
import { PRODUCT_PROFILES, type ProductProfileName } from '../domain/product/product-profiles.ts'

/** D's rule: an upload is the same product below this distance (1 − inner product). */
const DUPLICATE_DISTANCE = 0.05

const PublicUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .transform((url) => url.replace(/\/+$/, ''))
  .optional()
  .describe('where others fetch its pictures; without it a folder is served by this program, a bucket by signed addresses')

const common = {
  url: PublicUrl,
  duplicate_distance: z.number().min(0).max(2).default(DUPLICATE_DISTANCE),
  hold: z.enum(['similar', 'never']).default('never').describe('similar: what is like a picture by its embedding alone waits for a person'),
}
const FolderSettings = z.strictObject({ folder: z.string().min(1), ...common })
/** How a bucket is reached; product stores and FOTOTECA_BLOBS say it by the same names. */
const bucketPlace = {
  bucket: z.string().min(3).max(63),
  region: z.string().min(1).default('us-east-1'),
  endpoint: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
  path_style: z.boolean().default(false),
  profile: z.string().min(1).optional().describe('of the AWS configuration; default: the credentials chain'),
  prefix: z
    .string()
    .regex(/^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/, 'must be empty or end with /')
    .default(''),
}
const BucketSettings = z.strictObject({ ...bucketPlace, ...common })
const BucketPlace = z.strictObject(bucketPlace)
const StoreName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, - and _')
const StoresSetting = z.record(StoreName, z.union([FolderSettings, BucketSettings]))

export type FolderSettings = z.output<typeof FolderSettings>
export type BucketSettings = z.output<typeof BucketSettings>
/** `url`: where others fetch what lies in it; without it, signed addresses */
export type BucketPlace = z.output<typeof BucketPlace> & { readonly url?: string | undefined }
export type StoreSettings = { readonly name: string } & (FolderSettings | BucketSettings)

/**
 * @param setting JSON or the path of a file with it; undefined: those of the product profile, as folders in the data folder
 * @throws FototecaError `config` saying what is wrong in it
 */
export function readStores(setting: string | undefined, dataDir: string, profile: ProductProfileName): StoreSettings[] {
  if (setting === undefined)
    return PRODUCT_PROFILES[profile].stores.map((name) => ({ name, ...FolderSettings.parse({ folder: join(dataDir, 'stores', name) }) }))
  const text = setting.trimStart().startsWith('{') ? setting : readSettingFile(setting)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new FototecaError('config', `FOTOTECA_STORES: this is not JSON: ${describeError(error)}`, { cause: error })
  }
  const parsed = StoresSetting.safeParse(json)
  if (!parsed.success) throw new FototecaError('config', `FOTOTECA_STORES: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
  const stores = Object.entries(parsed.data).map(([name, store]) =>
    'folder' in store ? { name, ...store, folder: resolve(store.folder) } : { name, ...store },
  )
  if (stores.length === 0)
    throw new FototecaError('config', 'FOTOTECA_STORES names no store; leave it out for those of the product profile')
  return stores
}

/**
 * The setting FOTOTECA_BLOBS: an address `s3://bucket/prefix`, with what else a store says of its bucket as a query.
 * @returns null: the data folder
 * @throws FototecaError `config` saying what is wrong in it
 */
export function readBlobPlace(setting: string | undefined): BucketPlace | null {
  if (setting === undefined) return null
  const url = URL.canParse(setting) ? new URL(setting) : null
  if (url?.protocol !== 's3:' || url.username !== '' || url.hash !== '')
    throw new FototecaError('config', 'FOTOTECA_BLOBS: must be s3://bucket/prefix; its keys come from the AWS environment, never from here')
  const { path_style, ...said } = Object.fromEntries(url.searchParams)
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  const parsed = BucketPlace.safeParse({
    bucket: url.host,
    ...(prefix === '' ? {} : { prefix: `${prefix}/` }),
    ...said,
    ...(path_style === undefined ? {} : { path_style: path_style === 'true' ? true : path_style === 'false' ? false : path_style }),
  })
  if (parsed.success) return parsed.data
  throw new FototecaError('config', `FOTOTECA_BLOBS: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
}

function readSettingFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new FototecaError('config', `FOTOTECA_STORES: neither JSON nor a file that can be read (${describeError(error)})`, {
      cause: error,
    })
  }
}
