import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askJson, makeDataDir, spawnProgram, startProgram, until, upload } from '../support/program.ts'
import { testFolder } from '../support/test-folder.ts'

const PICTURE = join(import.meta.dirname, '../pictures/photos/astronaut.jpg')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(testFolder(), 'fototeca-e2e-backup-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(args: readonly string[], dataDir: string): Promise<{ code: number; out: string; err: string }> {
  const child = spawnProgram(args, dataDir)
  const [out, err, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'exit') as Promise<[number]>])
  return { code, out, err }
}

const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

it('backs up while it serves, and after the data folder is lost a new one has every byte and every word', async () => {
  const target = join(folder, 'to')
  const picture = await readFile(PICTURE)
  const before = await makeDataDir()
  let id: number
  {
    await using program = await startProgram({ dataDir: before })
    id = (await upload(program.url, 'astronaut.jpg', picture)).id
    expect((await askJson<{ last_backup: unknown }>(`${program.url}/health`)).last_backup).toBeNull()
    const made = await run(['backup', target, '--json'], before)
    expect(made).toMatchObject({ code: 0 })
    expect(JSON.parse(made.out).result).toMatchObject({ photos: 1, files: 1, written: 1, damaged: [] })
    expect((await askJson<{ last_backup: object }>(`${program.url}/health`)).last_backup).toMatchObject({ target })
    expect(await run(['restore', target], before)).toMatchObject({ code: 1, err: expect.stringContaining('is in use by process') })
    expect(await run(['backup', join(before, 'x')], before)).toMatchObject({
      code: 2,
      err: expect.stringContaining('lies in the data folder'),
    })
    await program.stop('SIGKILL')
  }
  await rm(before, { recursive: true })
  expect(await run(['backup', target, '--check'], before)).toMatchObject({
    code: 0,
    out: expect.stringContaining('is whole: 1 photos, 1 files'),
  })

  const after = join(folder, 'after')
  expect(await run(['restore', target], after)).toMatchObject({ code: 0, out: expect.stringContaining('is restored into') })
  await using program = await startProgram({ dataDir: after })
  const original = await fetch(`${program.url}/api/photos/${id}/original`)
  expect(sumOf(new Uint8Array(await original.arrayBuffer()))).toBe(sumOf(picture))
  await until<{ due: number }>(`${program.url}/api/progress`, ({ due }) => due === 0)
  expect((await fetch(`${program.url}/thumbnail/${id}`)).status).toBe(200)
})
