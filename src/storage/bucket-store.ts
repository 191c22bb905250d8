/** @file A store in an S3 bucket, at Amazon or any server that speaks its protocol. The only door to the AWS SDK. */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describeError, FototecaError } from '../domain/errors.ts'
import { type BlobStore, checkKey, noBlob, nothingInSpan, readChecked, type StoredBlob } from './blob-store.ts'
import { LocalCopies } from './local-copies.ts'
import type { BucketPlace } from './read-stores.ts'

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

export interface BucketOptions {
  readonly pace?: BucketPace
  /** copies that nobody reads any more stay up to so many bytes; default: none stay */
  readonly keptBytes?: number
}

/**
 * Nothing is asked of the server here: a bucket that is down keeps nobody from starting.
 * @param scratch folder for files that are needed by path, made when the first is
 */
export function openBucketStore(
  name: string,
  settings: BucketPlace,
  scratch: string,
  { pace = PACE, keptBytes = 0 }: BucketOptions = {},
): BlobStore {
  const { bucket: Bucket, prefix } = settings
  const copies = new LocalCopies(scratch, keptBytes)
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

  const statBlob = async (key: string): Promise<StoredBlob | null> => {
    const place = placeOf(key)
    try {
      const found = await client.send(new HeadObjectCommand(place))
      const modifiedMs = found.LastModified?.getTime() ?? 0
      return { key, bytes: found.ContentLength ?? 0, modifiedMs, arrivedMs: modifiedMs, sha256: found.Metadata?.sha256 ?? null }
    } catch (error) {
      if (isAbsent(error)) return null
      throw explain(error, 'does not say what it has')
    }
  }

  const get: BlobStore['get'] = async (key, { span, signal } = {}) => {
    const place = placeOf(key)
    if (span && span.start >= span.end) throw nothingInSpan(key, span)
    const Range = span && `bytes=${span.start}-${span.end - 1}`
    try {
      const found = await client.send(new GetObjectCommand({ ...place, Range }), signal ? { abortSignal: signal } : {})
      const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(found.ContentRange ?? '') ?? []
      if (span && (Number(first) !== span.start || !(Number(last) < span.end))) {
        ;(found.Body as Readable).destroy()
        throw new FototecaError('unavailable', `the store ${name} sends other bytes than were asked for`)
      }
      const bytes = found.ContentLength ?? 0
      const modifiedMs = found.LastModified?.getTime() ?? 0
      return { bytes, modifiedMs, stream: Readable.from(readWhole(found.Body as Readable, bytes, name, key), { objectMode: false }) }
    } catch (error) {
      signal?.throwIfAborted()
      if (isAbsent(error)) throw noBlob(name, key)
      if (span && error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416) throw nothingInSpan(key, span)
      throw explain(error, 'does not hand out the picture')
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

  async function* list(below = ''): AsyncGenerator<StoredBlob> {
    let next: string | undefined
    do {
      const page = await client
        .send(new ListObjectsV2Command({ Bucket, Prefix: `${prefix}${below}`, ...(next === undefined ? {} : { ContinuationToken: next }) }))
        .catch((error: unknown) => {
          throw explain(error, 'does not say what it has')
        })
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const modifiedMs = LastModified?.getTime() ?? 0
        if (!Key.endsWith('/')) yield { key: Key.slice(prefix.length), bytes: Size, modifiedMs, arrivedMs: modifiedMs, sha256: null }
      }
      next = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (next !== undefined)
  }

  const put: BlobStore['put'] = async (key, source, { signal } = {}) => {
    const place = placeOf(key)
    // what the SDK says of a stream that failed is that it was aborted. What is not as it said fails before the last part: nothing is visible then
    let wrong: unknown
    const body = async function* () {
      try {
        yield* readChecked(source, signal)
      } catch (error) {
        wrong = error
        throw error
      }
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
          Body: Readable.from(body(), { objectMode: false }),
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
    const stored = await statBlob(key)
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
  }

  return {
    put,
    temporary: () => copies.newPath(),
    async putFile(key, path, facts, signal) {
      try {
        await put(key, { ...facts, open: () => createReadStream(path) }, { signal })
      } finally {
        await rm(path, { force: true })
      }
    },
    get,
    stat: statBlob,
    delete: remove,
    async deleteBelow(folder) {
      for await (const { key } of list(`${checkKey(folder)}/`)) await remove(key)
    },
    list,
    async withLocalFile(key, use, signal) {
      const read = async () => (await get(key, { signal })).stream
      // asked each time: what is kept may have been replaced, by another process too
      const found = keptBytes === 0 ? null : await statBlob(key)
      if (keptBytes > 0 && !found) throw noBlob(name, key)
      return copies.lend(found && `${key} ${found.bytes} ${found.modifiedMs}`, read, (path) => use(path, null))
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
      await copies[Symbol.asyncDispose]()
    },
  }
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
