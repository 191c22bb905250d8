/** @file A store in an S3 bucket, at Amazon or any server that speaks its protocol. The only door to the AWS SDK. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, NoSuchKey, NotFound, S3Client, S3ServiceException,
} from '@aws-sdk/client-s3' // biome-ignore format: a list
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describeError, FototecaError } from '../domain/errors.ts'
import { type BlobSource, checkKey, noBlob, type PictureStore, type StoredBlob } from './picture-store.ts'
import type { BucketSettings } from './read-stores.ts'

/** Above it a picture goes in parts, each tried again by itself; at most two parts are in memory. */
const PART_BYTES = 8 * 1024 * 1024
const DAY_MS = 24 * 3_600_000
/** The longest S3 allows for a signed address. */
const SIGNED_SECONDS = (7 * DAY_MS) / 1000

export interface BucketPace {
  readonly attempts: number
  /** longest wait for a connection, and for the next sign of life on it */
  readonly connectMs: number
  readonly idleMs: number
}
const PACE: BucketPace = { attempts: 4, connectMs: 5000, idleMs: 30_000 }

/** Nothing is asked of the server here: a bucket that is down keeps nobody from starting. */
export function openBucketStore(name: string, settings: BucketSettings, pace: BucketPace = PACE): PictureStore {
  const { bucket: Bucket, prefix } = settings
  const client = new S3Client({
    region: settings.region,
    forcePathStyle: settings.path_style,
    maxAttempts: pace.attempts,
    // without `throwOnRequestTimeout` the handler would only log that a server has gone silent
    requestHandler: {
      connectionTimeout: pace.connectMs,
      requestTimeout: pace.idleMs,
      socketTimeout: pace.idleMs,
      throwOnRequestTimeout: true,
    },
    // servers that are not Amazon’s often refuse the SDK’s newer checksums; what is put is checked by CRC32 and by asking for it afterwards
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
  })
  const placeOf = (key: string) => ({ Bucket, Key: `${prefix}${checkKey(key)}` })
  const explain = (error: unknown, what: string) => explainFailure(error, name, what)

  const head = async (key: string): Promise<StoredBlob | null> => {
    const place = placeOf(key)
    try {
      const found = await client.send(new HeadObjectCommand(place))
      return {
        key,
        bytes: found.ContentLength ?? 0,
        modifiedMs: found.LastModified?.getTime() ?? 0,
        sha256: found.Metadata?.sha256 ?? null,
      }
    } catch (error) {
      if (isAbsent(error)) return null
      throw explain(error, 'does not say what it has')
    }
  }

  const remove = async (key: string): Promise<void> => {
    const place = placeOf(key)
    try {
      await client.send(new DeleteObjectCommand(place))
    } catch (error) {
      if (!isAbsent(error)) throw explain(error, 'does not delete')
    }
  }

  return {
    async put(key, source, signal) {
      const place = placeOf(key)
      let wrong: FototecaError | undefined
      const onWrong = (error: FototecaError) => {
        wrong = error // what the SDK says of a stream that failed is that it was aborted
        return error
      }
      // a server that also refuses to give up the parts would hide why there is something to give up
      let first: unknown
      const send = async (...command: Parameters<S3Client['send']>) => {
        try {
          return await client.send(...command)
        } catch (error) {
          first ??= error
          throw error
        }
      }
      try {
        const upload = new Upload({
          client: Object.create(client, { send: { value: send } }) as S3Client,
          params: {
            ...place,
            Body: readChecked(source, onWrong),
            ContentType: source.contentType,
            ChecksumAlgorithm: 'CRC32',
            Metadata: { sha256: source.sha256 },
          },
          partSize: PART_BYTES,
          queueSize: 2,
          leavePartsOnError: false,
        })
        const abort = () => void upload.abort()
        signal?.addEventListener('abort', abort, { once: true })
        try {
          signal?.throwIfAborted()
          await upload.done()
        } finally {
          signal?.removeEventListener('abort', abort)
        }
      } catch (error) {
        signal?.throwIfAborted()
        throw wrong ?? explain(first ?? error, 'does not take the picture')
      }
      const stored = await head(key)
      if (stored?.bytes === source.bytes && stored.sha256 === source.sha256) return
      // what somebody else put there meanwhile is theirs
      const isOurs = stored === null || stored.sha256 === null || stored.sha256 === source.sha256
      if (isOurs) await remove(key)
      throw new FototecaError(
        'unavailable',
        isOurs
          ? `the store ${name} has ${stored?.bytes ?? 'no'} bytes of a picture of ${source.bytes}; it was taken out again`
          : `the store ${name} has another picture under ${key}, which was put there at the same time`,
      )
    },
    async get(key, signal) {
      const place = placeOf(key)
      try {
        const found = await client.send(new GetObjectCommand(place), signal ? { abortSignal: signal } : {})
        const bytes = found.ContentLength ?? 0
        return { bytes, stream: Readable.from(readWhole(found.Body as Readable, bytes, name, key), { objectMode: false }) }
      } catch (error) {
        signal?.throwIfAborted()
        if (isAbsent(error)) throw noBlob(name, key)
        throw explain(error, 'does not hand out the picture')
      }
    },
    head,
    delete: remove,
    async *list(below = '') {
      let next: string | undefined
      do {
        const page = await client
          .send(
            new ListObjectsV2Command({ Bucket, Prefix: `${prefix}${below}`, ...(next === undefined ? {} : { ContinuationToken: next }) }),
          )
          .catch((error: unknown) => {
            throw explain(error, 'does not say what it has')
          })
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
          if (!Key.endsWith('/'))
            yield { key: Key.slice(prefix.length), bytes: Size, modifiedMs: LastModified?.getTime() ?? 0, sha256: null }
        next = page.IsTruncated ? page.NextContinuationToken : undefined
      } while (next !== undefined)
    },
    async url(key) {
      const place = placeOf(key)
      if (settings.url !== undefined) return `${settings.url}/${key.split('/').map(encodeURIComponent).join('/')}`
      // signed as of midnight UTC: the same address all day, so that an export with addresses in it is the same too
      const signingDate = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS)
      return getSignedUrl(client, new GetObjectCommand(place), { expiresIn: SIGNED_SECONDS, signingDate })
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
    },
  }
}

/** Fails before the last part is sent when the source is not what it said: nothing becomes visible then. */
function readChecked(source: BlobSource, onWrong: (error: FototecaError) => FototecaError): Readable {
  async function* check(): AsyncGenerator<Buffer> {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of source.open() as AsyncIterable<Buffer>) {
      bytes += chunk.length
      hash.update(chunk)
      yield chunk
    }
    if (bytes !== source.bytes || hash.digest('hex') !== source.sha256)
      throw onWrong(
        new FototecaError('checksum_mismatch', `the picture changed while it was stored (${bytes} of ${source.bytes} bytes); try again`),
      )
  }
  return Readable.from(check(), { objectMode: false })
}

async function* readWhole(body: Readable, bytes: number, store: string, key: string): AsyncGenerator<Buffer> {
  let seen = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      seen += chunk.length
      yield chunk
    }
  } catch (error) {
    throw new FototecaError('unavailable', `the store ${store} broke off after ${seen} of ${bytes} bytes of ${key}`, { cause: error })
  }
  if (seen !== bytes) throw new FototecaError('unavailable', `the store ${store} sent ${seen} of ${bytes} bytes of ${key}`)
}

function isAbsent(error: unknown): boolean {
  return error instanceof NoSuchKey || error instanceof NotFound
}

function explainFailure(error: unknown, store: string, what: string): FototecaError {
  if (error instanceof FototecaError) return error
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
  const reason = error instanceof Error && error.name !== 'Error' ? `${error.name}: ${describeError(error)}` : describeError(error)
  const hint = status === 401 || status === 403 ? '; check its credentials and its bucket’s policy' : ''
  return new FototecaError('unavailable', `the store ${store} ${what} (${reason})${hint}`, { cause: error })
}
