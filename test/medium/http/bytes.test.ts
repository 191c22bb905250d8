/** @file Pictures as bytes: renditions inline and cacheable, originals as downloads that cannot run, ranges, hostile names; uploads. */
import { mkdir, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renditionPath } from '../../support/blobs.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { MAX_TEST_BYTES, openTestServer } from '../../support/http.ts'
import { pictureBytes } from '../../support/ingest.ts'
import { addPhoto } from '../../support/library.ts'

let database: TestDatabase
let app: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  app = await openTestServer(database)
  return () => app.close()
})

/** a photo with a thumbnail of 1000 bytes and an original of 5000 in a folder source */
async function addPhotoWithFiles(filename = 'a.jpg'): Promise<number> {
  const id = await addPhoto(database.db, { filename })
  const { sha256 } = await database.db.selectFrom('photos').select('sha256').where('id', '=', id).executeTakeFirstOrThrow()
  const thumbnail = renditionPath(database.dataDir, sha256, 'thumbnail')
  await mkdir(dirname(thumbnail), { recursive: true })
  await writeFile(thumbnail, Buffer.alloc(1000, 't'))
  const root = join(database.dataDir, 'source')
  await mkdir(join(root, '.hidden %41 dir'), { recursive: true })
  const path = '.hidden %41 dir/it is 100% ü#?.jpg'
  await writeFile(join(root, path), Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251)))
  const source = await database.db
    .insertInto('sources')
    .values({ kind: 'folder', path: root })
    .onConflict((conflict) => conflict.column('path').doUpdateSet({ path: root }))
    .returning('id')
    .executeTakeFirstOrThrow()
  await database.db
    .insertInto('photo_files')
    .values({ photo_id: id, source_id: source.id, path: `${path}`, filename, bytes: 5000, modified_ms: 0 })
    .execute()
  return id
}

describe('many originals', () => {
  it('come as one ZIP of the length that was told, each name once, without those that are not there', async () => {
    const first = await addPhotoWithFiles('a.jpg')
    const second = await addPhoto(database.db, { filename: 'A.jpg' })
    const gone = await addPhoto(database.db)
    await database.db
      .insertInto('photo_files')
      .columns(['photo_id', 'source_id', 'path', 'filename', 'bytes', 'modified_ms'])
      .expression((eb) =>
        eb
          .selectFrom('photo_files')
          .select((e) => [
            e.val(second).as('photo_id'),
            'source_id',
            e.val('other.jpg').as('path'),
            'filename',
            e.val(5).as('bytes'),
            'modified_ms',
          ])
          .where('photo_id', '=', first),
      )
      .execute()
    await writeFile(join(database.dataDir, 'source', 'other.jpg'), 'hello')
    const made = await app.inject({ method: 'POST', url: '/api/downloads', payload: { ids: [second, gone, first] } })
    expect(made.json()).toMatchObject({ photos: 2, missing: 1 })
    const zip = await app.inject(made.json().path)
    expect(zip.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(made.json().bytes),
      'content-disposition': expect.stringMatching(/^attachment; filename="fototeca .*\.zip"/),
    })
    expect(zip.rawPayload.length).toBe(made.json().bytes)
    expect(zip.rawPayload.includes(Buffer.from('A.jpghello'))).toBe(true)
    expect(zip.rawPayload.includes('a (2).jpg')).toBe(true)
    const unknown = await app.inject('/api/downloads/00000000-0000-4000-8000-000000000000')
    expect(unknown.statusCode).toBe(404)
    expect((await app.inject({ method: 'POST', url: '/api/downloads', payload: { ids: [gone] } })).statusCode).toBe(404)
  })
})

describe('renditions', () => {
  it('are inline WebP with an ETag; with ?v= cacheable for ever', async () => {
    const id = await addPhotoWithFiles()
    for (const url of [`/api/photos/${id}/thumbnail`, `/thumbnail/${id}`]) {
      const plain = await app.inject(url)
      expect(plain.statusCode).toBe(200)
      expect(plain.headers).toMatchObject({
        'content-type': 'image/webp',
        'cache-control': 'private, no-cache',
        'x-content-type-options': 'nosniff',
        'content-length': '1000',
      })
      expect(plain.headers['content-disposition']).toBeUndefined()
      const again = await app.inject({ url, headers: { 'if-none-match': String(plain.headers.etag) } })
      expect(again.statusCode).toBe(304)
      expect(again.body).toBe('')
      expect((await app.inject(`${url}?v=1`)).headers['cache-control']).toBe('private, max-age=31536000, immutable')
      expect((await app.inject({ method: 'HEAD', url })).headers['content-length']).toBe('1000')
    }
  })

  it('answer ranges and conditions as files do', async () => {
    const id = await addPhotoWithFiles()
    const [thumbnail, original] = [`/api/photos/${id}/thumbnail`, `/api/photos/${id}/original`]
    const facts = async (url: string) => (await app.inject(url)).headers as { etag: string; 'last-modified': string }
    const both = [
      [thumbnail, await facts(thumbnail), 1000],
      [original, await facts(original), 5000],
    ] as const
    const past = new Date(0).toUTCString()
    const cases = (etag: string, modified: string) =>
      [
        [{ range: 'bytes=10-19' }, 206],
        [{ range: 'bytes=-5' }, 206],
        [{ range: 'bytes=9000-' }, 416],
        [{ range: 'bytes=3-1' }, 200],
        [{ range: 'bytes=0-0', 'if-range': etag }, 206],
        [{ range: 'bytes=0-0', 'if-range': '"other"' }, 200],
        [{ range: 'bytes=0-0', 'if-range': modified }, 206],
        [{ range: 'bytes=0-0', 'if-range': past }, 200],
        [{ 'if-none-match': `"x", ${etag}` }, 304],
        [{ 'if-none-match': '"x"' }, 200],
        [{ 'if-none-match': '*' }, 304],
        [{ 'if-modified-since': modified }, 304],
        [{ 'if-modified-since': past }, 200],
        [{ 'if-modified-since': past, 'if-none-match': etag }, 304],
        [{ 'if-match': etag }, 200],
        [{ 'if-match': '"x"' }, 412],
        [{ 'if-match': '*' }, 200],
        [{ 'if-unmodified-since': modified }, 200],
        [{ 'if-unmodified-since': past }, 412],
      ] as const
    for (const [url, { etag, 'last-modified': modified }, length] of both) {
      expect([etag, modified], url).toEqual([expect.stringMatching(/^W\/"[0-9a-f]+-[0-9a-f]+"$/), expect.stringMatching(/GMT$/)])
      for (const [headers, status] of cases(etag, modified)) {
        const what = `${url} ${JSON.stringify(headers)}`
        const answer = await app.inject({ url, headers })
        expect(answer.statusCode, what).toBe(status)
        if (status === 200) expect(answer.rawPayload.length, what).toBe(length)
        if (status === 416) expect(answer.headers['content-range'], what).toBe(`bytes */${length}`)
        if (status === 206) expect(answer.headers['content-range'], what).toMatch(new RegExp(`^bytes \\d+-\\d+/${length}$`))
      }
      const part = await app.inject({ url, headers: { range: 'bytes=10-19' } })
      expect([part.rawPayload.length, part.headers['content-length'], part.headers['content-range']]).toEqual([
        10,
        '10',
        `bytes 10-19/${length}`,
      ])
    }
  })

  it('that are not made yet are a 404 that is not cached', async () => {
    const id = await addPhoto(database.db)
    const answer = await app.inject(`/api/photos/${id}/preview?v=1`)
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.json().detail).toContain(`/api/photos/${id}`)
  })
})

describe('originals', () => {
  it('are downloads that no browser runs', async () => {
    const id = await addPhotoWithFiles()
    const answer = await app.inject(`/api/photos/${id}/original`)
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload).toHaveLength(5000)
    expect(answer.headers['content-type']).toBe('image/jpeg')
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="a.jpg"; filename*=UTF-8''a.jpg`)
    expect(answer.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'; sandbox")
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  it('answer ranges', async () => {
    const id = await addPhotoWithFiles()
    const range = (value: string) => app.inject({ url: `/api/photos/${id}/original`, headers: { range: value } })
    const part = await range('bytes=100-199')
    expect(part.statusCode).toBe(206)
    expect(part.headers['content-range']).toBe('bytes 100-199/5000')
    expect([...part.rawPayload.subarray(0, 3)]).toEqual([100, 101, 102])
    expect((await range('bytes=-10')).rawPayload).toHaveLength(10)
    const beyond = await range('bytes=9000-')
    expect(beyond.statusCode).toBe(416)
    expect(beyond.headers['content-range']).toBe('bytes */5000')
    expect(beyond.json()).toHaveProperty('detail')
    const whole = async (value: string) => {
      const answer = await range(value)
      expect(answer.statusCode, value.slice(0, 50)).toBe(200)
      expect(answer.rawPayload).toHaveLength(5000)
    }
    await whole('bytes=nonsense')
    await whole('bytes=5-2')
    await whole('pages=1-2')
    await whole(`bytes=${Array.from({ length: 1000 }, (_, index) => `${index * 4}-${index * 4 + 1}`).join(',')}`)
    // longer than the file: what there is of it
    for (const value of ['bytes=0-99999', `bytes=0-${'9'.repeat(400)}`, 'bytes=-99999']) {
      const answer = await range(value)
      expect(answer.statusCode, value.slice(0, 50)).toBe(206)
      expect(answer.headers['content-range']).toBe('bytes 0-4999/5000')
    }
    expect((await range('bytes=-0')).statusCode).toBe(416)
  })

  it('keep hostile names inside the header', async () => {
    const id = await addPhotoWithFiles('a"; x=y\r\nset-cookie: a=b;ü🦊%.html')
    const { headers } = await app.inject(`/api/photos/${id}/original`)
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['content-disposition']).toBe(
      `attachment; filename="a__ x=y__set-cookie: a=b_____.html"; filename*=UTF-8''a%22%3B%20x%3Dy%0D%0Aset-cookie%3A%20a%3Db%3B%C3%BC%F0%9F%A6%8A%25.html`,
    )
  })

  it('that are gone are a 404 saying so; a folder or pipe in their place is no file', async () => {
    const id = await addPhotoWithFiles()
    await database.db.updateTable('photo_files').set({ path: 'gone.jpg' }).execute()
    const gone = await app.inject(`/api/photos/${id}/original`)
    expect(gone.statusCode).toBe(404)
    expect(gone.json().detail).toContain('is missing. Mount its disk')
    expect(gone.headers['content-disposition']).toBeUndefined()
    await database.db.updateTable('photo_files').set({ path: '.hidden %41 dir' }).execute()
    expect((await app.inject(`/api/photos/${id}/original`)).statusCode).toBe(404)
  })
})

describe('uploads', () => {
  const BOUNDARY = 'xyz'
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
  const latin1 = (text: string) => Buffer.from(text).toString('latin1')
  const picture = (content: string) => pictureBytes(content).toString('latin1')
  /** as binary text, one character per byte */
  const part = (name: string, filename: string, body: string) =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"; filename="${latin1(filename)}"\r\ncontent-type: image/jpeg\r\n\r\n${body}\r\n`
  const end = `--${BOUNDARY}--\r\n`
  const post = (body: string, url = '/api/photos') => app.inject({ method: 'POST', url, payload: Buffer.from(body, 'latin1'), headers })
  const countPhotos = async () => (await database.db.selectFrom('photos').select('id').execute()).length

  it('answer each file for itself', async () => {
    const answer = await post(
      part('file', 'a.jpg', picture('one')) +
        part('file', 'b.jpg', 'not a picture') +
        part('file', '日本.jpg', picture('two')) +
        part('file', 'c.jpg', picture('one')) +
        end,
    )
    expect(answer.statusCode).toBe(200)
    expect(answer.json().photos).toEqual([
      { id: 1, filename: 'a.jpg', duplicate: false, deleted_at: null, message: expect.any(String) },
      { filename: 'b.jpg', detail: expect.any(String), code: 'not_a_picture' },
      { id: expect.any(Number), filename: '日本.jpg', duplicate: false, deleted_at: null, message: expect.any(String) },
      { id: 1, filename: 'c.jpg', duplicate: true, deleted_at: null, message: expect.any(String) },
    ])
  })

  it('of one refused file have its status', async () => {
    expect((await post(part('file', 'b.jpg', 'not a picture') + end)).statusCode).toBe(415)
    expect((await post(part('file', 'b.jpg', 'not a picture') + end, '/upload')).statusCode).toBe(415)
    const big = part('file', 'big.jpg', picture('x'.repeat(MAX_TEST_BYTES))) + end
    const answer = await post(big, '/upload')
    expect(answer.statusCode).toBe(413)
    expect(answer.json().detail).toContain('FOTOTECA_MAX_BYTES')
    expect((await post(big)).statusCode).toBe(413)
    expect((await post(part('file', 'full.jpg', picture('x'.repeat(MAX_TEST_BYTES - pictureBytes('').length))) + end)).statusCode).toBe(200)
    expect(await countPhotos()).toBe(1)
  })

  it('keep what came before a file that is too large', async () => {
    const answer = await post(
      part('file', 'a.jpg', picture('one')) +
        part('file', 'big.jpg', picture('x'.repeat(MAX_TEST_BYTES))) +
        part('file', 'c.jpg', picture('three')) +
        end,
    )
    expect(answer.statusCode).toBe(200)
    expect(answer.json().photos).toMatchObject([{ id: 1 }, { code: 'too_large' }])
    expect(answer.headers.connection).toBe('close')
  })

  it('without a file named `file` are a 422; cut or damaged bodies a 400; nothing of them stays', async () => {
    const empty = await post(part('photo', 'a.jpg', picture('one')) + end)
    expect(empty.statusCode).toBe(422)
    expect(empty.json().detail).toMatch(/^file: /)
    expect((await post(end)).statusCode).toBe(422)
    expect((await post(part('file', 'a.jpg', picture('one')))).statusCode).toBe(400) // no closing boundary
    expect((await post(`${part('file', 'a.jpg', picture('one')).slice(0, -10)}`)).statusCode).toBe(400)
    expect(await countPhotos()).toBe(0)
  })

  it('answer as system A does', async () => {
    const answer = await post(part('file', '..\\..\\a.jpg', picture('one')) + end, '/upload')
    expect(answer.json()).toEqual({ id: 1, filename: 'a.jpg', tags: [], caption: null, message: expect.any(String), state: 'pending' })
  })

  it('that end in the middle reach nobody, and the reader of the file is told', async () => {
    await app.close()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: error, resolve: told } = Promise.withResolvers<unknown>()
    app = await openTestServer(database, {
      services: ({ ingest }) => ({
        ingest: {
          ...ingest,
          upload: async (file, filename) => {
            begin()
            await text(file).catch((reason: unknown) => {
              told(reason)
              throw reason
            })
            return { id: 1, filename, duplicate: false, deleted_at: null, message: 'taken' }
          },
        },
      }),
    })
    const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(url.port), url.hostname)
    socket.write(
      `POST /upload HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${headers['content-type']}\r\ncontent-length: 100000\r\n\r\n${part('file', 'a.jpg', 'half')}`,
    )
    await begun
    socket.destroy()
    expect(await error).toBeInstanceOf(Error)
    expect((await fetch(new URL('/live', url))).status).toBe(200)
  })

  it('wait for each other in their places: fifty at once are all taken', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(part('file', 'a.jpg', picture('same bytes')) + end)))
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([200]))
  })

  it('stream: a large file does not wait in memory', async () => {
    await app.close()
    let hasBegun = false
    app = await openTestServer(database, {
      services: ({ ingest }) => ({
        ingest: {
          ...ingest,
          upload: async (file, filename) => {
            let size = 0
            for await (const chunk of file) {
              hasBegun = true
              size += (chunk as Buffer).length
            }
            return { id: size, filename, duplicate: false, deleted_at: null, message: 'taken' }
          },
        },
      }),
    })
    const url = new URL('/api/photos', await app.listen({ host: '127.0.0.1', port: 0 }))
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(url, { method: 'POST', headers }, (incoming) => {
        incoming.resume()
        resolve(incoming.statusCode)
      })
      outgoing.on('error', reject)
      outgoing.write(part('file', 'a.jpg', 'x'.repeat(20_000)).slice(0, -2))
      // the end is sent once the reader saw the beginning
      const timer = setInterval(() => {
        if (!hasBegun) return
        clearInterval(timer)
        outgoing.end(`${'x'.repeat(20_000)}\r\n${end}`)
      }, 20)
    })
    expect(status).toBe(200)
  })
})
