/** @file The page for browsers, JSON for clients, by `Accept`; the built files; nothing else of the disk. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'
const SCRIPT = `export {} // ${'x'.repeat(2000)}`
let database: TestDatabase
let app: FastifyInstance
let webDir: string

beforeAll(async () => {
  database = await openTestDatabase()
  await addPhoto(database.db)
  webDir = join(database.dataDir, 'web')
  await mkdir(join(webDir, 'assets'), { recursive: true })
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(webDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(webDir, 'assets', 'app-abc.js'), SCRIPT)
  await writeFile(join(webDir, 'assets', 'app-abc.js.br'), brotliCompressSync(SCRIPT))
  await writeFile(join(webDir, 'assets', '.hidden'), 'secret')
  await writeFile(join(database.dataDir, 'secret.txt'), 'secret')
  app = await openTestServer(database, { webDir })
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})

const get = (url: string, accept?: string) => app.inject({ url, headers: accept === undefined ? {} : { accept } })

describe.each(['/photos', '/photo/1', '/search?q=a'])('%s', (url) => {
  it('is the page for browsers and JSON for everyone else', async () => {
    for (const accept of [
      undefined,
      '*/*',
      'application/json',
      'application/json, text/plain, */*',
      'text/html;q=0.5, application/json',
      'image/*',
    ]) {
      const answer = await get(url, accept)
      expect(answer.headers['content-type'], String(accept)).toBe('application/json; charset=utf-8')
      expect(answer.statusCode).toBe(200)
      expect(answer.headers.vary).toBe('Accept')
    }
    for (const accept of [BROWSER, 'text/html', 'text/html;q=0.9, */*;q=0.8', 'application/json, text/html']) {
      const answer = await get(url, accept)
      expect(answer.body, accept).toContain('<title>page</title>')
      expect(answer.headers.vary).toBe('Accept')
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
      expect(answer.headers['content-security-policy']).not.toContain('unsafe')
    }
    const sign = url.includes('?') ? '&' : '?'
    expect((await get(`${url}${sign}format=json`, BROWSER)).headers['content-type']).toContain('json')
    expect((await get(`${url}${sign}format=html`, '*/*')).headers['content-type']).toContain('html')
  })
})

describe('the page', () => {
  it('is there for the router’s own addresses and with its own queries', async () => {
    for (const url of ['/', '/search', '/search?mode=hybrid&x=y', '/photo/4711', '/explore/people/12', '/clean-up/duplicates', '/nowhere'])
      expect((await get(url, BROWSER)).body, url).toContain('<title>page</title>')
    expect((await get('/search')).statusCode).toBe(422)
  })

  it('does not stand in for what is not there', async () => {
    for (const [url, accept] of [
      ['/nowhere', '*/*'],
      ['/nowhere', 'application/json'],
      ['/api/nowhere', BROWSER],
      ['/api', BROWSER],
      ['/assets/nowhere.js', BROWSER],
    ] as const) {
      const answer = await get(url, accept)
      expect(answer.statusCode, url).toBe(404)
      expect(answer.json()).toHaveProperty('detail')
    }
    const wrong = await app.inject({ method: 'POST', url: '/explore/people', headers: { accept: BROWSER } })
    expect(wrong.statusCode).toBe(404)
    expect(wrong.json()).toHaveProperty('detail')
  })

  it('brings its files, hashed ones for ever', async () => {
    const script = await get('/assets/app-abc.js')
    expect(script.headers['content-type']).toContain('javascript')
    expect(script.headers['cache-control']).toContain('immutable')
    expect((await get('/icon.svg')).headers['cache-control']).toBe('no-cache')
    expect((await get('/', BROWSER)).headers['cache-control']).toBe('no-cache')
  })

  it('brings its files as the build has compressed them', async () => {
    const ask = (encoding: string) => app.inject({ url: '/assets/app-abc.js', headers: { 'accept-encoding': encoding } })
    const small = await ask('gzip, br')
    expect(small.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
    expect(small.headers['content-type']).toContain('javascript')
    expect(brotliDecompressSync(small.rawPayload).toString()).toBe(SCRIPT)
    expect((await ask('identity')).body).toBe(SCRIPT)
    expect((await get('/assets/app-abc.js.br')).statusCode).toBe(404)
  })

  it('brings JSON and the documents compressed to those who take it, and parts of files as they are', async () => {
    const ask = (url: string, headers = {}) => app.inject({ url, headers: { 'accept-encoding': 'gzip', ...headers } })
    const plain = await get('/openapi.json')
    expect(plain.headers['content-encoding']).toBeUndefined()
    for (const url of ['/openapi.json', '/redoc/redoc.standalone.js']) {
      const small = await ask(url)
      expect(small.headers, url).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
      expect(gunzipSync(small.rawPayload).length, url).toBeGreaterThan(3 * small.rawPayload.length)
    }
    expect(gunzipSync((await ask('/openapi.json')).rawPayload).toString()).toBe(plain.body)
    const part = await ask('/redoc/redoc.standalone.js', { range: 'bytes=0-99' })
    expect(part.statusCode).toBe(206)
    expect(part.headers['content-encoding']).toBeUndefined()
    expect((await ask('/live')).headers['content-encoding']).toBeUndefined()
  })

  it('lets nothing else out', async () => {
    for (const url of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/../../secret.txt',
      '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
      '//secret.txt',
      '/assets//../../secret.txt',
      '/..%5csecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets/%252e%252e/%252e%252e/secret.txt',
      '/assets/.hidden',
      '/assets/',
      '/assets',
    ]) {
      const answer = await get(url)
      expect(answer.body, url).not.toBe('secret')
      expect([400, 403, 404], url).toContain(answer.statusCode)
      expect(answer.headers['cache-control'], url).toBe('no-store')
    }
  })

  it('brings every file that the build puts at its top', async () => {
    for (const file of await readdir(resolve(import.meta.dirname, '../../../web/public'))) {
      await writeFile(join(webDir, file), `the ${file}`)
      expect(await get(`/${file}`), file).toMatchObject({ statusCode: 200, body: `the ${file}` })
    }
  })
})

describe('a page that is built under a running server', () => {
  it('is told not to be there, then is there, then is the next one; what the old one named is gone', async () => {
    const root = await mkdtemp(join(database.dataDir, 'built-'))
    const server = await openTestServer(database, { webDir: root })
    onTestFinished(() => server.close())
    const ask = (url: string) => server.inject({ url, headers: { accept: BROWSER, 'accept-encoding': 'br' } })
    expect(await ask('/')).toMatchObject({ statusCode: 503 })
    expect((await ask('/theme.js')).statusCode).toBe(404)
    for (const build of ['one', 'two']) {
      await rm(root, { recursive: true, force: true })
      await mkdir(join(root, 'assets'), { recursive: true })
      await writeFile(join(root, 'index.html'), `<!doctype html><title>${build}</title>`)
      await writeFile(join(root, 'theme.js'), build)
      await writeFile(join(root, 'assets', `app-${build}.js`), SCRIPT)
      await writeFile(join(root, 'assets', `app-${build}.js.br`), brotliCompressSync(SCRIPT))
      const page = await ask('/')
      expect(page.body).toContain(build)
      expect(page.headers['cache-control']).toBe('no-cache')
      expect((await ask('/theme.js')).body).toBe(build)
      const script = await ask(`/assets/app-${build}.js`)
      expect(script.headers).toMatchObject({ 'content-encoding': 'br' })
      expect(script.headers['cache-control']).toContain('immutable')
    }
    const gone = await ask('/assets/app-one.js')
    expect(gone.statusCode).toBe(404)
    expect(gone.headers['cache-control']).toBe('no-store')
    expect((await server.inject({ method: 'POST', url: '/assets/app-two.js' })).statusCode).toBe(405)
  })
})
