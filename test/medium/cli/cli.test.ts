/** @file The command line: every verb against a real server (in-process and over HTTP), output, exit codes. */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FILTER_KEYS } from '../../../src/contract/search-filters.ts'
import { lockDataFolder } from '../../../src/db/data-folder-lock.ts'
import { fetchInProcess } from '../../../src/http/in-process.ts'
import { runTestCli } from '../../support/cli.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { pictureBytes } from '../../support/ingest.ts'
import { addPhoto } from '../../support/library.ts'

let database: TestDatabase
let app: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
  app = await openTestServer(database)
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})
beforeEach(() => truncateAll(database.db))

const run = (argv: string[], options: Parameters<typeof runTestCli>[3] = {}) =>
  runTestCli(app, join(database.dataDir, 'cli-data'), argv, options)

describe('show', () => {
  it('tells everything, as text and as JSON', async () => {
    const id = await addPhoto(database.db, { filename: 'dog.jpg', tags: ['dog'], text: 'WOOF' })
    const text = await run(['show', String(id)])
    expect(text.code).toBe(0)
    expect(text.out).toContain('dog.jpg')
    expect(text.out).toContain('WOOF')
    const json = await run(['show', '--json', String(id)])
    expect(JSON.parse(json.out)).toMatchObject({ id, filename: 'dog.jpg', text: { text: 'WOOF' } })
  })

  it('keeps control sequences of a hostile name from the terminal', async () => {
    const id = await addPhoto(database.db, { filename: 'a\u001b[2Jb.jpg' })
    expect((await run(['show', String(id)])).out).not.toContain('\u001b')
  })

  it('ends with 1 for a photo that is not there, 2 for a number that is none', async () => {
    const missing = await run(['show', '4711'])
    expect(missing).toMatchObject({ code: 1, out: '' })
    expect(missing.err).toBe('fototeca: there is no photo 4711\n')
    expect((await run(['show', 'abc'])).code).toBe(2)
    expect(JSON.parse((await run(['show', '--json', '4711'])).err)).toMatchObject({ code: 'not_found' })
  })
})

describe('categories and edit', () => {
  it('add a category, merge it, change photos of a search, count, undo', async () => {
    const id = await addPhoto(database.db, { tags: ['dog'] })
    const added = await run(['categories', 'add', 'pets', '--tags', 'dog, cat'])
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining('cat, dog') })
    expect((await run(['categories', 'merge', 'pets', 'animals'])).out).toContain('animals')
    expect((await run(['categories', 'delete', 'pets'])).err).toBe('fototeca: there is no category pets\n')
    const dry = await run(['edit', 'photos', '--search', 'dog', '--add-tags', 'rex', '--rating', '5', '--dry-run'])
    expect(dry.out).toBe('added tag rex; rated 5 of 5: would change 1 of 1 photo\n')
    const made = await run(['edit', 'photos', '--json', '--ids', String(id), '--add-tags', 'rex', '--favourite'])
    const report = JSON.parse(made.out)
    expect(report).toMatchObject({ state: 'done', changed: 1 })
    expect((await run(['edit', 'list'])).out).toContain('added tag rex; marked as favourite')
    expect((await run(['edit', 'undo', String(report.id)])).out).toContain('1 of 1 photo changed')
    expect(JSON.parse((await run(['show', '--json', String(id)])).out).tags).toMatchObject([{ tag: 'dog' }])
    expect((await run(['edit', 'photos', '--rating', '5'])).err).toContain('say which photos')
  })
})

describe('search', () => {
  it('passes words and filters on, and prints hits with their reasons', async () => {
    await addPhoto(database.db, { filename: 'beach.jpg', tags: ['dog'], text: 'sunny' })
    await addPhoto(database.db, { filename: 'beach-2.jpg', text: 'sunny' })
    const found = await run(['search', '--mode', 'keyword', '--category', 'food,animals', '--has-text', 'sunny', 'beach'])
    expect(found.code).toBe(0)
    expect(found.out).toContain('beach.jpg')
    expect(found.out).toMatch(/sunny, beach|beach, sunny/)
    expect(found.out).not.toContain('beach-2.jpg')
    const without = await run(['search', '--json', '--no-has-text'])
    expect(JSON.parse(without.out).hits).toEqual([])
  })

  it('names a wrong filter and ends with 2', async () => {
    const wrong = await run(['search', '--from', 'yesterday', 'x'])
    expect(wrong.code).toBe(2)
    expect(wrong.err).toContain('from:')
    expect((await run(['search', '--mode', 'guess', 'x'])).code).toBe(2)
  })

  it('has a flag for every filter of the contract', async () => {
    const help = await run(['search', '--help'])
    expect(help.code).toBe(0)
    for (const key of FILTER_KEYS) expect(help.out).toContain(`--${key.replaceAll('_', '-')}`)
    for (const flag of ['--no-has-text', '--like', '--part', '--sort', '--rest']) expect(help.out).toContain(flag)
  })

  it('searches by a photo, a part of it or a picture file, and says what is wrong with them', async () => {
    const asked: object[] = []
    const api = await openTestServer(database, {
      services: (real) => ({
        search: (sees, query) => {
          asked.push(query)
          return real.search(sees, { ...query, like: undefined, crop: undefined, also: undefined })
        },
        searchByPicture: async (sees, file, query) => {
          let bytes = 0
          for await (const chunk of file) bytes += (chunk as Uint8Array).length
          asked.push({ bytes, crop: query.crop, q: query.q })
          return { ...(await real.search(sees, { ...query, crop: undefined })), picture: 'abc', next: 'more' }
        },
      }),
    })
    const deps = { openInProcess: async () => ({ fetch: fetchInProcess(api), [Symbol.asyncDispose]: async () => {} }) }
    const id = await addPhoto(database.db)
    const file = join(database.dataDir, 'shoe.jpg')
    await writeFile(file, pictureBytes('shoe'))
    expect(
      (await run(['search', '--like', `${id}`, '--part', '0,0,0.5,1', '--also', '7', '--rest', '--sort', 'oldest', 'red'], { deps })).code,
    ).toBe(0)
    expect(asked.pop()).toMatchObject({ like: id, crop: '0,0,0.5,1', also: [7], all: true, sort: 'oldest', q: 'red' })
    const sent = await run(['search', '--like', file, '--part', '0.5,0,0.5,1', 'in', 'red'], { deps })
    expect(sent.err).toBe('')
    expect(asked.pop()).toEqual({ bytes: pictureBytes('shoe').length, crop: '0.5,0,0.5,1', q: 'in red' })
    expect(sent.out).toContain('more: --picture abc --cursor more')
    expect((await run(['search', '--like', join(database.dataDir, 'none.jpg')], { deps })).err).toContain('there is no picture file')
    expect((await run(['search', '--like', `${id}`, '--part', 'left'], { deps })).code).toBe(2)
    await api.close()
  })
})

describe('import', () => {
  it('uploads files, says which were there already and which were refused, and ends with 1', async () => {
    const folder = join(database.dataDir, 'in')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'a "quoted" ü.jpg'), pictureBytes('one'))
    await writeFile(join(folder, 'b.jpg'), 'not a picture')
    const first = await run(['import', '--json', join(folder, 'a "quoted" ü.jpg')])
    expect(first.code).toBe(0)
    expect(JSON.parse(first.out).imported[0]).toMatchObject({ result: 'added', id: 1 })
    expect(await database.db.selectFrom('photos').select('filename').execute()).toEqual([{ filename: 'a "quoted" ü.jpg' }])
    const second = await run(['import', '--json', join(folder, 'a "quoted" ü.jpg'), join(folder, 'b.jpg'), join(folder, 'none.jpg')])
    expect(second.code).toBe(1)
    expect(JSON.parse(second.out).imported.map((one: { result: string }) => one.result)).toEqual(['already there', 'refused', 'refused'])
  })
})

describe('status, models, doctor', () => {
  it('tells where the library stands', async () => {
    await addPhoto(database.db)
    await addPhoto(database.db, { state: 'failed' })
    const status = await run(['status'])
    expect(status.code).toBe(0)
    expect(status.out).toContain('failed 1')
    expect(JSON.parse((await run(['status', '--json'])).out).stats.total).toBe(1)
  })

  it('lists models', async () => {
    expect(JSON.parse((await run(['models', 'list', '--json'])).out)).toEqual({
      models: [],
      describe: { describer: null, model: null, available: [] },
      'make-image': { maker: null },
    })
  })

  it('checks the machine', async () => {
    const doctor = await run(['doctor', '--json'])
    const { checks } = JSON.parse(doctor.out) as { checks: { name: string; state: string }[] }
    expect(checks.map((check) => check.name)).toEqual(
      expect.arrayContaining(['node', 'data folder', 'lock', 'pictures', 'model hub', 'database']),
    )
    expect(checks.find((check) => check.name === 'database')?.state).toBe('ok')
    expect(doctor.code).toBe(0)
  })

  it('fails the check of a database that does not open', async () => {
    const doctor = await run(['doctor'], { deps: { openInProcess: () => Promise.reject(new Error('damaged')) } })
    expect(doctor.code).toBe(1)
    expect(doctor.out).toMatch(/fail +database +damaged/)
  })
})

describe('serve', () => {
  it('hands folders and options over', async () => {
    const { code, served } = await run(['serve', '/a', '/b', '--port', '9000'])
    expect(code).toBe(0)
    expect(served).toEqual([[9000, { folders: ['/a', '/b'], json: false }]])
  })

  it('stops at a wrong setting with 2, naming it', async () => {
    const wrong = await run(['serve', '--port', 'eighty'])
    expect(wrong.code).toBe(2)
    expect(wrong.err).toContain('FOTOTECA_PORT')
  })
})

describe('usage', () => {
  it('ends with 2 for an unknown command, 0 for help', async () => {
    expect((await run(['dance'])).code).toBe(2)
    const help = await run(['--help'])
    expect(help.code).toBe(0)
    expect(help.out).toContain('FOTOTECA_TOKEN')
  })
})

describe('with a server on the data folder', () => {
  it('asks that server over HTTP, with the token, and opens nothing itself', async () => {
    const token = 'a-token-of-enough-characters-1234567890'
    const server = await openTestServer(database, { token })
    const url = await server.listen({ host: '127.0.0.1', port: 0 })
    const dataDir = join(database.dataDir, 'served')
    const lock = await lockDataFolder(dataDir)
    try {
      await lock.announce({ url })
      const id = await addPhoto(database.db, { filename: 'served.jpg' })
      const never = { openInProcess: () => Promise.reject(new Error('opened in-process')) }
      const env = { FOTOTECA_DATA: dataDir, FOTOTECA_TOKEN: token }
      const shown = await run(['show', '--json', String(id)], { env, deps: never })
      expect(shown).toMatchObject({ code: 0, err: '' })
      expect(JSON.parse(shown.out).filename).toBe('served.jpg')
      const file = join(database.dataDir, 'over-http.jpg')
      await writeFile(file, pictureBytes('x'.repeat(50_000)))
      expect((await run(['import', '--no-wait', file], { env, deps: never })).code).toBe(0)
      const refused = await run(['show', String(id)], { env: { FOTOTECA_DATA: dataDir }, deps: never })
      expect(refused.code).toBe(1)
      expect(refused.err).toContain('FOTOTECA_TOKEN')
    } finally {
      await lock[Symbol.asyncDispose]()
      await server.close()
    }
  })
})
