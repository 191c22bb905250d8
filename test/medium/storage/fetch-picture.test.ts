import type { lookup as systemLookup } from 'node:dns'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type FetchDeps, fetchPicture } from '../../../src/storage/fetch-picture.ts'

let server: Server
let port: number
let answer: RequestListener
let asked: string[]

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
beforeEach(() => {
  asked = []
  answer = (_request, response) => response.end('picture')
})
afterAll(() => server.close())

/** Every name leads to the server here, which counts as public unless a test says otherwise. */
const deps = (more: Partial<FetchDeps> = {}): FetchDeps => ({
  findInStores: () => null,
  allowed: [`http://cdn.example.com:${port}`],
  maxBytes: 1000,
  lookup: lookupAs('127.0.0.1'),
  isPublic: () => true,
  timeoutMs: 5000,
  ...more,
})

function lookupAs(...answers: string[]): typeof systemLookup {
  let count = 0
  return ((_name: string, _options: object, done: (error: null, found: { address: string; family: number }[]) => void) => {
    const address = answers[Math.min(count++, answers.length - 1)]!
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
  }) as unknown as typeof systemLookup
}

const at = (path: string) => `http://cdn.example.com:${port}${path}`

it('fetches from an allowed host, with its name', async () => {
  const { filename, stream } = await fetchPicture(deps(), at('/a/gold%20ring.jpg?x=1'))
  expect(filename).toBe('gold ring.jpg')
  expect(await buffer(stream)).toEqual(Buffer.from('picture'))
})

it('a picture of a store comes from the store: the address itself is not asked', async () => {
  const open = async () => ({ bytes: 3, stream: Readable.from([Buffer.from('own')]) })
  const { stream } = await fetchPicture(deps({ findInStores: () => ({ key: 'a.jpg', open }), allowed: [] }), at('/stores/alya/a.jpg'))
  expect(await buffer(stream)).toEqual(Buffer.from('own'))
  expect(asked).toEqual([])
})

it.each([
  ['a host that is not allowed', () => `http://other.example.com:${port}/a.jpg`],
  ['another port of an allowed host', () => 'http://cdn.example.com:1/a.jpg'],
  ['https where http is allowed', () => `https://cdn.example.com:${port}/a.jpg`],
  ['a file', () => 'file:///etc/passwd'],
  ['data', () => 'data:image/png;base64,AAAA'],
  ['ftp', () => 'ftp://cdn.example.com/a.jpg'],
  ['gopher', () => 'gopher://cdn.example.com/a.jpg'],
  ['a password in the address', () => `http://user:pass@cdn.example.com:${port}/a.jpg`],
  ['a name that only begins like it', () => `http://cdn.example.com.evil.example:${port}/a.jpg`],
  ['a name before an @', () => `http://cdn.example.com:${port}@127.0.0.1:${port}/a.jpg`],
])('refuses %s without asking anybody', async (_, address) => {
  await expect(fetchPicture(deps(), address())).rejects.toMatchObject({ code: 'forbidden' })
  expect(asked).toEqual([])
})

it.each(['127.0.0.1', '0x7f.0.0.1', '2130706433', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254', '0', '127.1'])(
  'refuses %s in figures even where somebody allowed it',
  async (host) => {
    const address = `http://${host}:${port}/a.jpg`
    const { isPublic: _, ...real } = deps({ allowed: [new URL(address).origin] })
    await expect(fetchPicture(real, address)).rejects.toMatchObject({ code: 'forbidden' })
    expect(asked).toEqual([])
  },
)

it.each([['127.0.0.1'], ['10.0.0.5'], ['169.254.169.254'], ['::1'], ['::ffff:10.0.0.5']])(
  'refuses a name that leads to %s',
  async (address) => {
    const { isPublic: _, ...real } = deps({ lookup: lookupAs(address) })
    await expect(fetchPicture(real, at('/a.jpg'))).rejects.toMatchObject({ code: 'forbidden' })
    expect(asked).toEqual([])
  },
)

it('a name that changes its mind is looked up once, and what was checked is what is connected to', async () => {
  let lookups = 0
  const rebinding = ((_name: string, _options: object, done: (error: null, found: object[]) => void) => {
    lookups++
    done(null, [{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.5', family: 4 }])
  }) as unknown as typeof systemLookup
  const checked: string[] = []
  const isPublic = (address: string) => {
    checked.push(address)
    return true
  }
  await buffer((await fetchPicture(deps({ lookup: rebinding, isPublic }), at('/a.jpg'))).stream)
  expect(checked).toEqual(['127.0.0.1'])
  expect(lookups).toBe(1)
})

it.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (status) => {
  answer = (_request, response) => response.writeHead(status, { location: `http://127.0.0.1:${port}/inside` }).end()
  await expect(fetchPicture(deps(), at('/a.jpg'))).rejects.toMatchObject({ code: 'forbidden' })
  expect(asked).toHaveLength(1)
})

it('says what went wrong outside, and takes no more than allowed', async () => {
  answer = (_request, response) => response.writeHead(404).end()
  await expect(fetchPicture(deps(), at('/a.jpg'))).rejects.toMatchObject({ code: 'not_found' })
  answer = (_request, response) => response.writeHead(500).end()
  await expect(fetchPicture(deps(), at('/a.jpg'))).rejects.toMatchObject({ code: 'unavailable' })
  answer = (_request, response) => response.writeHead(200, { 'content-length': '5000' }).end(Buffer.alloc(5000))
  await expect(fetchPicture(deps(), at('/a.jpg'))).rejects.toMatchObject({ code: 'too_large' })
  answer = (_request, response) => void response.writeHead(200).end(Buffer.alloc(5000))
  await expect(buffer((await fetchPicture(deps(), at('/a.jpg'))).stream)).rejects.toMatchObject({ code: 'too_large' })
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '500' })
    response.write(Buffer.alloc(100), () => response.destroy())
  }
  await expect(buffer((await fetchPicture(deps(), at('/a.jpg'))).stream)).rejects.toMatchObject({ code: 'unavailable' })
  answer = () => {}
  await expect(fetchPicture(deps({ timeoutMs: 200 }), at('/a.jpg'))).rejects.toMatchObject({ code: 'timed_out' })
  await expect(fetchPicture(deps(), 'no address')).rejects.toMatchObject({ code: 'invalid' })
})
