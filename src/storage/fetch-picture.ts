/**
 * @file The one door by which an address that somebody sent is fetched. A picture of a configured store comes from that store, without
 * any request to the address; another one only from the hosts of FOTOTECA_FETCH_FROM, by https unless the setting says http,
 * from a public address that is checked at the moment of connecting (so that a name cannot change its mind), and without redirects.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { describeError, FototecaError } from '../domain/errors.ts'
import { isPublicAddress } from './public-address.ts'

export interface FetchDeps {
  /** the picture's place in a configured store; null when the address is of none */
  readonly findInStores: (
    url: URL,
  ) => { open(): Promise<{ readonly bytes: number; readonly stream: Readable }>; readonly key: string } | null
  /** origins, e.g. `https://cdn.example.com` */
  readonly allowed: readonly string[]
  readonly maxBytes: number
  /** tests: another name server, other addresses that count as public */
  readonly lookup?: typeof systemLookup
  readonly isPublic?: (address: string) => boolean
  readonly timeoutMs?: number
}

export interface FetchedPicture {
  /** last part of the path; shown, never used as a path */
  readonly filename: string
  /** fails when more than `maxBytes` come, or fewer than were announced */
  readonly stream: Readable
}

const TIMEOUT_MS = 30_000

/** @throws FototecaError `forbidden` for an address that may not be fetched, `invalid`, `not_found`, `too_large`, `unavailable`, `timed_out` */
export async function fetchPicture(deps: FetchDeps, address: string, signal?: AbortSignal): Promise<FetchedPicture> {
  if (!URL.canParse(address)) throw new FototecaError('invalid', `“${address.slice(0, 200)}” is no address of a picture (https://…)`)
  const url = new URL(address)
  const own = deps.findInStores(url)
  const filename = decodeName(url.pathname)
  if (own) return { filename, stream: bound((await own.open()).stream, deps.maxBytes, undefined) }
  checkAllowed(url, deps)
  const response = await send(url, deps, signal)
  const status = response.statusCode ?? 0
  if (status !== 200) {
    response.destroy()
    if (status >= 300 && status < 400)
      throw new FototecaError('forbidden', `${url.host} sends on to another address; that is not followed. Give the final address`)
    if (status === 404 || status === 410) throw new FototecaError('not_found', `there is no picture at ${url.origin}${url.pathname}`)
    throw new FototecaError('unavailable', `${url.host} answered ${status} instead of the picture`)
  }
  const length = Number(response.headers['content-length'] ?? Number.NaN)
  if (length > deps.maxBytes) {
    response.destroy()
    throw new FototecaError('too_large', `the picture has ${length} bytes; the largest taken is ${deps.maxBytes} (FOTOTECA_MAX_BYTES)`)
  }
  return { filename, stream: bound(response, deps.maxBytes, Number.isNaN(length) ? undefined : length) }
}

function checkAllowed(url: URL, { allowed, isPublic = isPublicAddress }: FetchDeps): void {
  const refuse = (why: string) =>
    new FototecaError('forbidden', `${why}; only pictures of a configured store, or of the hosts in FOTOTECA_FETCH_FROM, are fetched`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(`${url.protocol} addresses are not fetched`)
  if (url.username !== '' || url.password !== '') throw refuse('an address with a name or password in it is not fetched')
  if (!allowed.includes(url.origin)) throw refuse(`${url.origin} is not among the hosts pictures may come from`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // for an address in figures no name is looked up; `0x7f.1`, `2130706433` and the like were written out by the parser
  if (isIP(host) !== 0 && !isPublic(host)) throw refuse(`${url.host} is not a public address`)
}

function send(url: URL, deps: FetchDeps, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const timeout = AbortSignal.timeout(deps.timeoutMs ?? TIMEOUT_MS)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'GET',
        agent: false, // a kept connection would not be looked up again
        lookup: guardedLookup(deps),
        headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'fototeca' },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      },
      resolve,
    )
    sent.on('error', (error) => {
      if (error instanceof FototecaError) reject(error)
      else if (signal?.aborted) reject(signal.reason)
      else if (timeout.aborted) reject(new FototecaError('timed_out', `${url.host} did not answer in time`, { cause: error }))
      else reject(new FototecaError('unavailable', `${url.host} cannot be reached (${describeError(error)})`, { cause: error }))
    })
    sent.end()
  })
}

/** The connection goes to exactly the addresses that were checked; one that is not public spoils them all. */
function guardedLookup({ lookup = systemLookup, isPublic = isPublicAddress }: FetchDeps): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const found = addresses as LookupAddress[]
      const first = found[0]
      if (!first || !found.every(({ address }) => isPublic(address)))
        return callback(new FototecaError('forbidden', `${hostname} leads to an address that is not public; it is not fetched`), '', 0)
      if (options.all) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }
}

/** Ends with an error above `maxBytes` and below `announced`. */
function bound(from: Readable, maxBytes: number, announced: number | undefined): Readable {
  return Readable.from(readBounded(from, maxBytes, announced), { objectMode: false })
}

async function* readBounded(from: Readable, maxBytes: number, announced: number | undefined): AsyncGenerator<Buffer> {
  let bytes = 0
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes)
        throw new FototecaError('too_large', `the picture has more than the ${maxBytes} bytes taken (FOTOTECA_MAX_BYTES)`)
      yield chunk
    }
  } catch (error) {
    if (error instanceof FototecaError) throw error
    throw new FototecaError('unavailable', `the picture broke off after ${bytes} bytes`, { cause: error })
  }
  if (announced !== undefined && bytes < announced)
    throw new FototecaError('unavailable', `the picture ended after ${bytes} of ${announced} bytes`)
}

function decodeName(path: string): string {
  const last = path.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
