/** @file A folder that was removed and is named again at the start: it is a source again, with the photos of before, each once. */
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RemovedSource, SourceReport } from '../../src/contract/library.ts'
import { openDatabase } from '../../src/db/client.ts'
import { pictureBytes, putFile } from '../support/ingest.ts'
import { askJson, makeDataDir, type Program, startProgram, until } from '../support/program.ts'

let folder: string
let dataDir: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'fototeca-again-')))
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await putFile(folder, name, pictureBytes(name))
  dataDir = await makeDataDir()
})
afterEach(async () => {
  for (const path of [folder, dataDir]) await rm(path, { recursive: true, force: true, maxRetries: 5 })
})

const start = () => startProgram({ args: [folder], dataDir })
const readFolder = async ({ url }: Program) =>
  (await askJson<{ sources: SourceReport[] }>(`${url}/api/sources`)).sources.find(({ path }) => path === folder)
const listPhotos = async ({ url }: Program) =>
  (await askJson<{ photos: { id: number }[] }>(`${url}/api/photos`)).photos.map(({ id }) => id).sort((a, b) => a - b)
const untilPhotos = ({ url }: Program, count: number) =>
  until<{ photos: { id: number }[] }>(`${url}/api/photos`, ({ photos }) => photos.length === count)
const inTrash = async ({ url }: Program) => (await askJson<{ total: number }>(`${url}/api/trash`)).total

const untilThere = ({ url }: Program) =>
  until<{ sources: SourceReport[] }>(`${url}/api/sources`, ({ sources }) =>
    sources.some(({ path, photos, missing }) => path === folder && photos === 3 && missing === 0),
  )
/** Its photos lie in the trash then, and the program is gone. */
async function removeAndKill(program: Program): Promise<void> {
  const id = (await readFolder(program))?.id
  await askJson<RemovedSource>(`${program.url}/api/sources/${id}?photos=trash`, undefined, 'DELETE')
  expect([await inTrash(program), await listPhotos(program)]).toEqual([3, []])
  await program.stop('SIGKILL')
}

it('its photos come back from the trash, and that is said; also where the program was killed while they were moved there', async () => {
  const first = await start()
  await untilPhotos(first, 3)
  const before = await listPhotos(first)
  await removeAndKill(first)

  const second = await start()
  await untilThere(second)
  expect([await listPhotos(second), await inTrash(second)]).toEqual([before, 0])
  expect(second.output()).toContain('its photos come back from the trash')
  const { edits } = await askJson<{ edits: { summary: string }[] }>(`${second.url}/api/edits`)
  expect(edits[0]?.summary).toBe(`added the folder ${folder} again`)
  await removeAndKill(second)

  {
    // as a kill leaves it before the last step of the removal
    await using open = await openDatabase({ dataDir })
    const removal = open.db.selectFrom('sources').select('removed_by').where('removed_at', 'is not', null)
    await open.db.updateTable('edits').set({ state: 'running' }).where('id', 'in', removal).execute()
  }
  await using third = await start()
  await untilPhotos(third, 3)
  await untilThere(third)
  expect([await listPhotos(third), await inTrash(third)]).toEqual([before, 0])
})
