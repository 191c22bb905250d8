/**
 * @file Whatever moment the process is killed or the power goes while pictures are uploaded, findings saved and a folder looked through: what
 * was answered is there, whole, once, and the library goes on. One run is recorded, and the disk of every moment made from the record.
 *
 * Some moments of each kind are looked at; all of them (some hundred, a second or two each) with FOTOTECA_TEST_MOMENTS=all.
 */
import { createHash } from 'node:crypto'
import { cpSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STEP_NAMES } from '../../../src/contract/words.ts'
import { type Db, openDatabase } from '../../../src/db/client.ts'
import { originalKey } from '../../../src/storage/keys.ts'
import { startChild } from '../../support/child.ts'
import { layDatabase, TEST_POSTGRES } from '../../support/database.ts'
import { type DiskOperation, RECORD_FILE, RECORD_ROOT } from '../../support/disk-operations.ts'
import { openTestIngest, pictureBytes, putFile, streamOf, type TestIngest } from '../../support/ingest.ts'
import { type DiskState, type Loss, replayDisk, writeState } from '../../support/replay-disk.ts'
import { NEEDS_EMBEDDED } from '../../support/skip-reasons.ts'
import { testFolder } from '../../support/test-folder.ts'

const LOSSES: readonly Loss[] = ['none', 'all', 'some']
const MOMENTS_OF_EACH = process.env.FOTOTECA_TEST_MOMENTS === 'all' ? Number.POSITIVE_INFINITY : 10

/** Files in the folder; one has the bytes of an upload, one will be renamed. */
const PLACED = [
  ['old-name.jpg', 'in place'],
  ['sub/same.jpg', 'second'],
  ['sub/other.jpg', 'another in place'],
] as const

interface Promised {
  readonly uploaded: readonly string[]
  readonly saved: readonly number[]
  /** the folder was looked through */
  readonly isScanned: boolean
  /** … and once more after a file got another name */
  readonly isMoved: boolean
}

let folder: string
let operations: DiskOperation[]
const at = (name: string): string => join(folder, name)

/** The last moment of each different disk, evenly chosen. */
function listStates(loss: Loss): { state: DiskState; promised: Promised; moment: number }[] {
  const states = new Map<string, { state: DiskState; moment: number }>()
  for (let moment = 1; moment <= operations.length; moment++) {
    const state = replayDisk(at('run'), at('before'), operations.slice(0, moment), loss)
    states.set(state.key, { state, moment })
  }
  const all = [...states.values()].sort((a, b) => a.moment - b.moment)
  const step = Math.max(1, all.length / MOMENTS_OF_EACH)
  const chosen = all.filter((_, i) => i === all.length - 1 || Math.floor(i / step) !== Math.floor((i - 1) / step))
  return chosen.map(({ state, moment }) => ({ state, moment, promised: listPromised(operations.slice(0, moment)) }))
}

function listPromised(before: readonly DiskOperation[]): Promised {
  const notes = before.flatMap((operation) =>
    operation.kind === 'note' ? [operation.note as { uploaded?: string; saved?: number; scanned?: number; moved?: string }] : [],
  )
  return {
    uploaded: notes.flatMap(({ uploaded }) => uploaded ?? []),
    saved: notes.flatMap(({ saved }) => saved ?? []),
    isScanned: notes.some(({ scanned }) => scanned !== undefined),
    isMoved: notes.some(({ moved }) => moved !== undefined),
  }
}

describe.skipIf(TEST_POSTGRES)('the disk at any moment (a server has its own durability)', { meta: NEEDS_EMBEDDED }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(testFolder(), 'fototeca-test-'))
    await layDatabase(at('before'))
    await layDatabase(at('run'))
    for (const [name, content] of PLACED) await putFile(at('pictures'), name, pictureBytes(content))
    const child = startChild(resolve(import.meta.dirname, 'children/fill-library.ts'), [at('run'), at('pictures')], {
      preload: resolve(import.meta.dirname, '../../support/record-disk.ts'),
      env: { [RECORD_ROOT]: at('run'), [RECORD_FILE]: at('operations') },
    })
    await child.waitFor((line) => line === 'done')
    await child.kill()
    operations = (await readFile(at('operations'), 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as DiskOperation)
  }, 600_000)
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

  test('the record holds the whole way of an upload: file, sync, name, sync of the folder, row, answer', () => {
    const kinds = operations.map(({ kind }) => kind)
    for (const kind of ['create', 'write', 'sync', 'rename', 'make-folder', 'note']) expect(kinds).toContain(kind)
    const incoming = operations.findIndex((operation) => operation.kind === 'rename' && operation.path.includes('.incoming'))
    const target = operations[incoming] as DiskOperation & { kind: 'rename' }
    const rest = operations.slice(incoming + 1)
    const folderSync = rest.findIndex((operation) => operation.kind === 'sync' && operation.path === resolve(target.to, '..'))
    const rowSync = rest.findIndex((operation) => operation.kind === 'sync' && operation.path.includes('pg_wal'))
    const answer = rest.findIndex((operation) => operation.kind === 'note')
    expect([folderSync >= 0, folderSync < rowSync, rowSync < answer]).toEqual([true, true, true])
  })

  test.each(LOSSES)('what was not synced is lost: %s', { timeout: 3_600_000 }, async (loss) => {
    const states = listStates(loss)
    expect(states.length).toBeGreaterThan(3)
    for (const { state, moment, promised } of states) {
      const dataDir = at(`found-${loss}-${moment}`)
      cpSync(at('before'), dataDir, { recursive: true })
      await writeState(dataDir, state)
      try {
        await checkLibrary(dataDir, promised)
      } catch (error) {
        throw new Error(`after operation ${moment} of ${operations.length}, unsynced ones lost: ${loss}`, { cause: error })
      }
      await rm(dataDir, { recursive: true })
    }
    expect(states.at(-1)?.promised).toMatchObject({ uploaded: { length: 5 }, saved: { length: 2 }, isScanned: true, isMoved: true })
  })
})

async function checkLibrary(dataDir: string, promised: Promised): Promise<void> {
  await using open = await openDatabase({ dataDir })
  const { db } = open
  const photos = await db.selectFrom('photos').select(['id', 'sha256']).execute()
  const known = photos.map(({ sha256 }) => sha256)
  const uploaded = await db
    .selectFrom('photo_files')
    .innerJoin('sources', 'sources.id', 'photo_files.source_id')
    .innerJoin('photos', 'photos.id', 'photo_files.photo_id')
    .where('sources.kind', '=', 'upload')
    .select('photos.sha256')
    .execute()
  expect(new Set(known).size).toBe(known.length)
  expect(promised.uploaded.filter((sha256) => !known.includes(sha256))).toEqual([])
  for (const { sha256 } of uploaded) {
    const bytes = await readFile(join(dataDir, 'originals', originalKey(sha256)))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  }
  await checkFindings(db, promised)
  // it goes on: the same pictures again make no second photo, and nothing half-written stays
  await using ingest = await openTestIngest(db, dataDir)
  for (const content of ['first', 'second', 'new']) await ingest.upload(streamOf(pictureBytes(content)), `${content}.jpg`)
  const after = (await db.selectFrom('photos').select('sha256').execute()).map(({ sha256 }) => sha256)
  expect(new Set(after).size).toBe(after.length)
  await checkFolder(db, ingest, promised)
  expect(await readdir(join(dataDir, 'originals/.incoming'))).toEqual([])
}

/** What was found in the folder is there, and another look makes it whole: each file once, the renamed one as the same photo. */
async function checkFolder(db: Db, ingest: TestIngest, { isScanned, isMoved }: Promised): Promise<void> {
  const readPlaced = () =>
    db
      .selectFrom('photo_files')
      .innerJoin('sources', 'sources.id', 'photo_files.source_id')
      .innerJoin('photos', 'photos.id', 'photo_files.photo_id')
      .where('sources.kind', '=', 'folder')
      .where('photo_files.missing_since', 'is', null)
      .select(['photo_files.path', 'photos.id', 'photos.sha256'])
      .orderBy('photo_files.path')
      .execute()
  const before = await readPlaced()
  if (isScanned) expect(before).toHaveLength(PLACED.length)
  if (isMoved) expect(before.map(({ path }) => path)).toContain('new-name.jpg')
  const { id } = await ingest.addFolder(at('pictures'))
  await ingest.scan(id)
  const after = await readPlaced()
  expect(after.map(({ path }) => path)).toEqual(['new-name.jpg', 'sub/other.jpg', 'sub/same.jpg'])
  for (const { sha256, id: photo } of before) expect(after.find((file) => file.sha256 === sha256)?.id).toBe(photo)
}

/** A finding and its ledger row come and go together. */
async function checkFindings(db: Db, { saved }: Promised): Promise<void> {
  const steps = await db.selectFrom('photo_steps').select(['photo_id', 'step', 'state']).execute()
  const photos = await db.selectFrom('photos').select('id').orderBy('id').execute()
  for (const { id } of photos) expect(steps.filter((row) => row.photo_id === id)).toHaveLength(STEP_NAMES.length)
  const done = (step: string) => steps.filter((row) => row.step === step && row.state === 'done').map((row) => row.photo_id)
  const hashes = (await db.selectFrom('photo_hashes').select('photo_id').execute()).map((row) => row.photo_id)
  const colours = (await db.selectFrom('photo_colours').select('photo_id').execute()).map((row) => row.photo_id)
  expect(hashes.sort()).toEqual(done('hash').sort())
  expect(colours.sort()).toEqual(done('colours').sort())
  expect(saved.filter((id) => !hashes.includes(id) || !colours.includes(id))).toEqual([])
}
