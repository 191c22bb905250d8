import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { openPages } from '../support/page.ts'
import { askJson, makeDataDir, spawnProgram, startProgram, until, upload } from '../support/program.ts'
import { S3_ENVIRONMENT, startFaultyProxy, startS3Server } from '../support/s3-server.ts'
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
    await program.stop('SIGKILL')
  }
  await rm(before, { recursive: true })
  expect(await run(['backup', target, '--check'], before)).toMatchObject({
    code: 0,
    out: expect.stringContaining('is whole: 1 photo, 1 file'),
  })

  const after = join(folder, 'after')
  expect(await run(['restore', target], after)).toMatchObject({ code: 0, out: expect.stringContaining('is restored into') })
  await using program = await startProgram({ dataDir: after })
  const original = await fetch(`${program.url}/api/photos/${id}/original`)
  expect(sumOf(new Uint8Array(await original.arrayBuffer()))).toBe(sumOf(picture))
  await until<{ due: number }>(`${program.url}/api/progress`, ({ due }) => due === 0)
  expect((await fetch(`${program.url}/thumbnail/${id}`)).status).toBe(200)
})

it.skipIf(!findChromium())('the page says how far a backup is, that one failed and why, and when the last was made', async () => {
  await using server = await startS3Server(['backups'])
  await using proxy = await startFaultyProxy(server.url)
  const stores = { away: { bucket: 'backups', endpoint: proxy.url, path_style: true } }
  await using program = await startProgram({ env: { ...S3_ENVIRONMENT, FOTOTECA_STORES: JSON.stringify(stores) } })
  await upload(program.url, 'astronaut.jpg', await readFile(PICTURE))
  await using pages = await openPages(program)
  const page = await pages.open('/')
  await page.getByRole('button', { name: /^Library status|^Working|^Reading/ }).click()
  const panel = page.getByRole('region', { name: 'Backup' })
  await panel.getByText('Last backup: never.').waitFor()

  // the store takes the tables and falls silent at the first file
  proxy.fault = ({ method, path }) => (method === 'PUT' && path.includes('/files/') ? 'silence' : null)
  const failing = run(['backup', 'store:away'], program.dataDir)
  await panel.getByText('Backing up to store:away').waitFor()
  await panel.getByText('Copying files').waitFor()
  await panel.getByText(/^0 of 1 file, 0/).waitFor()
  proxy.fault = () => ({ status: 500 })
  proxy.hangUp()
  expect((await failing).code).toBe(1)
  await panel.getByText(/^The backup to store:away failed: .+ Run the same command again; it continues where it stopped\.$/).waitFor()

  proxy.fault = () => null
  expect(await run(['backup', 'store:away'], program.dataDir)).toMatchObject({ code: 0 })
  await panel.getByText(/^Last backup: .+store:away$/).waitFor()
  await pages.expectQuiet()
})
