/** @file The folders one may choose from: no hidden ones, no links, nothing of the system; what may not be read is said; and only for the owner. */
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import type { FolderList } from '../../../src/contract/folders.ts'
import { ROUTES } from '../../../src/contract/routes.ts'
import { openTestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'

let base: string
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'fototeca-folders-')))
  return () => rm(base, { recursive: true, force: true })
})

it('lists what can be chosen, one level at a time', async () => {
  await using database = await openTestDatabase()
  await using stack = new AsyncDisposableStack()
  const app = await openTestServer(database)
  stack.defer(() => app.close())
  const list = async (path: string) => {
    const answer = await app.inject({ url: '/api/folders', query: { path } })
    return { status: answer.statusCode, json: answer.json() as FolderList & { detail: string } }
  }
  for (const name of ['b', 'Ätna', '.hidden', '@eaDir', 'a/inner', 'closed']) await mkdir(join(base, name), { recursive: true })
  for (const name of ['one.JPG', 'two.heic', '.three.jpg', 'note.txt']) await writeFile(join(base, name), '')
  await symlink(join(base, 'a'), join(base, 'link'))
  await chmod(join(base, 'closed'), 0)
  const { json } = await list(base)
  expect(json).toMatchObject({ path: base, parent: join(base, '..'), pictures: 2, more: 0, refused: null })
  // root may look into everything
  const isRoot = process.getuid?.() === 0
  expect(json.folders).toEqual([
    { name: 'a', path: join(base, 'a'), is_readable: true },
    { name: 'Ätna', path: join(base, 'Ätna'), is_readable: true },
    { name: 'b', path: join(base, 'b'), is_readable: true },
    { name: 'closed', path: join(base, 'closed'), is_readable: isRoot },
  ])
  expect((await list(join(base, 'a'))).json.folders.map(({ name }) => name)).toEqual(['inner'])

  // what holds the library’s own data can be looked through, and not chosen
  const top = await list('/')
  expect(top.json.parent).toBeNull()
  expect(top.json.folders.map(({ name }) => name)).not.toContain('proc')
  expect(top.json.refused).toMatch(/own data folder/)
  for (const path of [join(base, 'none'), join(base, 'one.JPG')])
    expect(await list(path)).toMatchObject({ status: 422, json: { detail: expect.stringContaining('cannot be opened') } })
  for (const path of ['relative', '', '../etc']) expect((await list(path)).status).toBe(422)
  // left out: the home folder, or the top where there is none
  expect((await app.inject('/api/folders')).statusCode).toBe(200)
  expect(ROUTES.listFolders.access).toBe('own')
})
