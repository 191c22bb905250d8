/** @file Folders over the API and the command line: paused, moved, removed with their photos in the trash or missing, and back again. */
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EditReport } from '../../../src/contract/edits.ts'
import type { RemovedSource, ScanReport, SourceReport } from '../../../src/contract/library.ts'
import { runTestCli } from '../../support/cli.ts'
import { setUpFolderLibrary } from '../../support/folder-library.ts'
import { openTestServer } from '../../support/http.ts'
import { pictureBytes, putFile } from '../../support/ingest.ts'

const library = setUpFolderLibrary()
let app: FastifyInstance
let base: string
let folder: string
beforeEach(async () => {
  ;({ base, folder } = library)
  app = await openTestServer(library.database)
  return () => app.close()
})

async function call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object): Promise<{ status: number; json: T }> {
  const answer = await app.inject({ method, url, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, json: answer.json() as T }
}
const add = async (path: string) => (await call<SourceReport>('POST', '/api/sources', { path })).json
const list = async () => (await call<{ sources: SourceReport[] }>('GET', '/api/sources')).json.sources
const read = async (id: number) => (await list()).find((source) => source.id === id)
const scan = (id: number, body = {}) => call<ScanReport>('POST', `/api/sources/${id}/scan`, body)
const change = (id: number, body: object) => call<SourceReport & { detail: string }>('PATCH', `/api/sources/${id}`, body)
const remove = (id: number, query: string) => call<RemovedSource>('DELETE', `/api/sources/${id}?${query}`)
const undo = (edit: number | null) => call<EditReport>('POST', `/api/edits/${edit}/undo`)
const photos = async (query = '') =>
  (await call<{ photos: { id: number; filename: string }[] }>('GET', `/api/photos?${query}`)).json.photos
    .map(({ id, filename }) => ({ id, filename }))
    .sort((a, b) => a.id - b.id)
const original = async (id: number) => (await app.inject({ method: 'GET', url: `/api/photos/${id}/original` })).statusCode
const inTrash = async () => (await call<{ total: number }>('GET', '/api/trash')).json.total
const tag = (id: number) => call('POST', '/api/edits', { photos: { ids: [id] }, operations: [{ do: 'add_tags', tags: ['kept'] }] })
const tagsOf = async (id: number) =>
  (await call<{ tags: { tag: string }[] }>('GET', `/api/photos/${id}`)).json.tags.map(({ tag: name }) => name)

async function addThree(): Promise<{ source: SourceReport; known: { id: number; filename: string }[] }> {
  for (const name of ['a.jpg', 'b.jpg', 'sub/c.jpg']) await putFile(folder, name, pictureBytes(name))
  const source = await add(folder)
  await expect.poll(photos, { timeout: 30_000 }).toHaveLength(3)
  await expect.poll(async () => (await read(source.id))?.scanned_at, { timeout: 30_000 }).not.toBeNull()
  return { source, known: await photos() }
}

describe('pause', () => {
  it('neither scans nor marks missing; photos stay and are served; resumed, it is looked through at once', async () => {
    const { source, known } = await addThree()
    expect((await change(source.id, { paused: true })).json).toMatchObject({ id: source.id, paused_at: expect.any(String) })
    await rename(join(folder, 'a.jpg'), join(base, 'a.jpg'))
    await putFile(folder, 'new.jpg', pictureBytes('new'))
    expect(await scan(source.id)).toMatchObject({ status: 409, json: { detail: expect.stringContaining('is paused') } })
    expect(await add(folder)).toMatchObject({ id: source.id, paused_at: expect.any(String) })
    expect(await photos()).toEqual(known)
    expect(await read(source.id)).toMatchObject({ missing: 0, photos: 3 })
    expect(await original(known[1]!.id)).toBe(200)
    expect((await change(source.id, { paused: false })).json).toMatchObject({ paused_at: null })
    await expect.poll(async () => (await read(source.id))?.missing, { timeout: 30_000 }).toBe(1)
    await expect.poll(async () => (await read(source.id))?.photos, { timeout: 30_000 }).toBe(4)
  })
})

describe('move', () => {
  it('keeps photos with all that is known of them, also where times were not copied', async () => {
    const { source, known } = await addThree()
    const [first] = known
    await tag(first!.id)
    const to = join(base, 'elsewhere')
    await cp(folder, to, { recursive: true }) // new times
    await rm(folder, { recursive: true })
    await putFile(to, 'new.jpg', pictureBytes('new'))
    expect((await change(source.id, { path: `${to}/` })).json).toMatchObject({ id: source.id, path: to })
    await expect.poll(photos, { timeout: 30_000 }).toHaveLength(4)
    expect((await photos()).slice(0, 3)).toEqual(known)
    expect(await tagsOf(first!.id)).toContain('kept')
    expect(await original(first!.id)).toBe(200)
    expect(await read(source.id)).toMatchObject({ missing: 0, path: to })
  })

  it('to a folder that is not the one the library knows is refused, unless forced; nothing is lost then either', async () => {
    const { source, known } = await addThree()
    const other = join(base, 'other')
    await putFile(other, 'a.jpg', pictureBytes('something else'))
    await putFile(other, 'b.jpg', pictureBytes('b.jpg'))
    const refused = await change(source.id, { path: other })
    expect(refused).toMatchObject({
      status: 409,
      json: { code: 'wrong_folder', detail: expect.stringContaining(`only 1 of 3 known files is in ${other}`) },
    })
    expect((await read(source.id))?.path).toBe(folder)
    expect((await change(source.id, { path: join(base, 'nowhere') })).status).toBe(422)
    expect((await change(source.id, { path: '/proc' })).status).toBe(422)
    await mkdir(join(base, 'empty'))
    expect(await change(source.id, { path: join(base, 'empty'), force: true })).toMatchObject({ status: 200 })
    await expect.poll(async () => (await read(source.id))?.unconfirmed, { timeout: 30_000 }).toBe(3)
    expect(await photos()).toEqual(known)
    expect((await change(source.id, { path: folder })).status).toBe(200)
    await expect.poll(async () => (await read(source.id))?.unconfirmed, { timeout: 30_000 }).toBe(null)
  })

  it('into or around another folder of the library is refused', async () => {
    const { source } = await addThree()
    await putFile(join(base, 'second'), 'x.jpg', pictureBytes('x'))
    await add(join(base, 'second'))
    for (const path of [base, join(base, 'second')]) {
      const refused = await change(source.id, { path, force: true })
      expect(refused).toMatchObject({ status: 409, json: { detail: expect.stringContaining('in the library already') } })
    }
  })
})

describe('remove', () => {
  it('counts first; photos go to the trash, those that lie elsewhere stay; files stay; undone, all is as it was', async () => {
    const { source, known } = await addThree()
    await tag(known[0]!.id)
    await putFile(join(base, 'second'), 'copy of b.jpg', pictureBytes('b.jpg'))
    const second = await add(join(base, 'second'))
    await expect.poll(async () => (await read(second.id))?.photos, { timeout: 30_000 }).toBe(1)
    const counted = { photos: 2, elsewhere: 1, edit: null, dry_run: true }
    expect((await remove(source.id, 'photos=trash&dry_run=true')).json).toMatchObject(counted)
    expect(await photos()).toEqual(known)
    const removed = (await remove(source.id, 'photos=trash')).json
    expect(removed).toMatchObject({ photos: 2, elsewhere: 1, edit: expect.any(Number), dry_run: false })
    expect((await list()).map(({ id }) => id)).toEqual([1, second.id])
    expect(await photos()).toEqual([known[1]])
    expect(await inTrash()).toBe(2)
    expect((await scan(source.id)).status).toBe(404)
    expect(await original(known[1]!.id)).toBe(200)
    // nothing of it is there to be deleted on the disk
    expect((await call<{ confirm: unknown }>('GET', '/api/trash')).json).toMatchObject({
      photos: [{ in_place: false }, { in_place: false }],
    })

    expect(await undo(removed.edit)).toMatchObject({ status: 200, json: { conflicts: 0 } })
    expect(await read(source.id)).toMatchObject({ path: folder, paused_at: null })
    await expect.poll(async () => (await read(source.id))?.missing, { timeout: 30_000 }).toBe(0)
    expect(await photos()).toEqual(known)
    expect(await tagsOf(known[0]!.id)).toContain('kept')
    expect(await original(known[0]!.id)).toBe(200)
    expect((await undo(removed.edit)).status).toBe(409)
  })

  it('or they stay as missing ones; added again they are there again, with the same numbers', async () => {
    const { source, known } = await addThree()
    expect((await remove(source.id, 'photos=missing')).json).toMatchObject({ photos: 3, edit: null })
    expect(await photos()).toEqual(known)
    expect(await inTrash()).toBe(0)
    expect(await original(known[0]!.id)).toBe(404)
    expect((await add(folder)).id).toBe(source.id)
    await expect.poll(() => original(known[0]!.id), { timeout: 30_000 }).toBe(200)
    await expect.poll(async () => (await read(source.id))?.missing, { timeout: 30_000 }).toBe(0)
    expect(await photos()).toEqual(known)
  })

  it.each([
    ['itself', () => folder, 3],
    ['the folder around it', () => base, 3],
    ['a folder in it', () => join(folder, 'sub'), 1],
  ])('what went to the trash comes back with %s, except for what was deleted before', async (_, path, count) => {
    const { source, known } = await addThree()
    const thrown = known[0]!
    await call('POST', '/api/edits', { photos: { ids: [thrown.id] }, operations: [{ do: 'trash' }] })
    await remove(source.id, 'photos=trash')
    expect(await inTrash()).toBe(3)
    await add(path())
    const expected = known.filter(({ id }) => id !== thrown.id).slice(count === 1 ? -1 : 0)
    await expect.poll(photos, { timeout: 30_000 }).toEqual(expected)
    await expect.poll(async () => Promise.all(expected.map(({ id }) => original(id))), { timeout: 30_000 }).toEqual(expected.map(() => 200))
  })

  it('after the trash was emptied, adding it again takes the photos in anew; what was deleted before stays away', async () => {
    const { source, known } = await addThree()
    await call('POST', '/api/edits', { photos: { ids: [known[0]!.id] }, operations: [{ do: 'trash' }] })
    await remove(source.id, 'photos=trash')
    expect((await call('POST', '/api/trash/empty', {})).json).toMatchObject({ deleted: 3, files_deleted: 0 })
    await add(folder)
    await expect.poll(async () => (await photos()).map(({ filename }) => filename).sort(), { timeout: 30_000 }).toEqual(['b.jpg', 'c.jpg'])
  })

  it('the uploads, what is not there, and a choice that was not made are refused', async () => {
    expect((await remove(1, 'photos=trash')).status).toBe(422)
    expect((await change(1, { paused: true })).status).toBe(422)
    expect((await remove(99, 'photos=trash')).status).toBe(404)
    const { source } = await addThree()
    expect((await remove(source.id, '')).status).toBe(422)
  })
})

it('where links may lead is said when a folder is added, and changed later', async () => {
  const outside = join(base, 'outside')
  await putFile(outside, 'far.jpg', pictureBytes('far'))
  await putFile(folder, 'near.jpg', pictureBytes('near'))
  await symlink(outside, join(folder, 'link'))
  const source = await add(folder)
  const { json } = await scan(source.id)
  expect(json).toMatchObject({ skipped_links: { count: 1, examples: [{ path: 'link', target: outside }] } })
  expect((await change(source.id, { follow_links: [outside] })).json).toMatchObject({ follow_links: [outside] })
  await expect.poll(photos, { timeout: 30_000 }).toHaveLength(2)
  expect((await read(source.id))?.skipped_links.count).toBe(0)
  expect((await change(source.id, { follow_links: ['/proc'] })).status).toBe(422)
})

it('a file that became a link out of its folder is not sent', async () => {
  const { known } = await addThree()
  const secret = join(base, 'secret.jpg')
  await writeFile(secret, 'another’s')
  expect(await original(known[0]!.id)).toBe(200)
  await rm(join(folder, 'a.jpg'))
  await symlink(secret, join(folder, 'a.jpg'))
  expect(await original(known[0]!.id)).toBe(404)
  expect((await call('POST', '/api/downloads', { ids: [known[0]!.id] })).status).toBe(404)
})

describe('fototeca sources', () => {
  const run = async (...argv: string[]) => runTestCli(app, join(library.database.dataDir, 'cli-data'), ['sources', ...argv])

  it('lists, adds, pauses, moves, and removes, by number or path', async () => {
    const { source } = await addThree()
    const outside = join(base, 'outside')
    await putFile(outside, 'far.jpg', pictureBytes('far'))
    await symlink(outside, join(folder, 'link'))
    await scan(source.id)
    expect((await run('list')).out).toContain(`  skipped link → ${outside}`)
    expect(JSON.parse((await run('add', folder, '--follow-links', outside, '--json')).out)).toMatchObject({ follow_links: [outside] })
    expect((await run('pause', folder)).out).toMatch(/paused$/m)
    expect((await run('resume', String(source.id))).out).not.toMatch(/paused$/m)
    const to = join(base, 'moved')
    await rename(folder, to)
    expect(await run('move', folder, to)).toMatchObject({ code: 0, out: expect.stringContaining(to) })
    expect(await run('remove', to)).toMatchObject({ code: 2, err: expect.stringContaining('--photos') })
    expect((await run('remove', to, '--photos', 'trash', '--dry-run')).out).toContain('would move ')
    const { out } = await run('remove', to, '--photos', 'trash')
    expect(out).toMatch(/fototeca edit undo \d+/)
    expect(await run('pause', to)).toMatchObject({ code: 1, err: expect.stringContaining('there is no source') })
  })

  it('serve hands on where links may lead', async () => {
    const { served } = await runTestCli(app, library.database.dataDir, ['serve', '/a', '--follow-links', '/b', '--follow-links', '/c'])
    expect(served).toMatchObject([[expect.any(Number), { folders: ['/a'], followLinks: ['/b', '/c'] }]])
  })
})
