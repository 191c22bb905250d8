import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/client.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createKeepInStep } from '../../../src/product/keep-in-step.ts'
import { insertPicture, listIntents, readPicture } from '../../../src/product/store-pictures.ts'
import { readBounds } from '../../../src/storage/bounds.ts'
import { readStores } from '../../../src/storage/read-stores.ts'
import { openStores } from '../../../src/storage/stores.ts'
import { fileAt } from '../../support/blobs.ts'
import { layDatabase, openTestDatabase, TEST_POSTGRES, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { IS_LONG } from '../../support/long.ts'
import { NEEDS_EMBEDDED } from '../../support/skip-reasons.ts'
import { testFolder } from '../../support/test-folder.ts'

const bytes = Buffer.alloc(200_000, 7)
const sha256 = createHash('sha256').update(bytes).digest('hex')
const source = { bytes: bytes.length, sha256, contentType: 'image/jpeg', open: () => Readable.from([bytes]) }

// the data folder is handed from one process to the next
describe.skipIf(TEST_POSTGRES !== undefined)('a kill between any two writes', { meta: NEEDS_EMBEDDED }, () => {
  let dataDir: string
  let photo: number

  beforeAll(async () => {
    dataDir = await mkdtemp(join(testFolder(), 'fototeca-test-kill-'))
    await layDatabase(dataDir)
    await using open = await openDatabase({ dataDir })
    photo = await addPhoto(open.db)
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }))

  const MOMENTS: readonly [moment: string, state: string | null][] = [
    ['intent', null],
    ['half', null],
    ['put', null],
    ['row', null],
    ['commit', 'stored'],
    ['trash', 'stored'],
    ['trashed', 'trashed'],
  ]
  it.each(MOMENTS.filter(([moment]) => IS_LONG || ['half', 'row', 'trash'].includes(moment)))(
    'dead at “%s”: the store and the rows agree after the repair',
    async (moment, state) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'children/put-and-die.ts'), moment, dataDir, String(photo)], {
        stdio: 'ignore',
      })
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
      await using open = await openDatabase({ dataDir })
      await using stores = await openStores(readStores(undefined, dataDir, 'jewelry'), dataDir)
      await using keepInStep = createKeepInStep({ db: open.db, stores, owner: 'test', locate: async () => null, log: silentLog })
      expect(await keepInStep.repair()).toBe(0)
      const row = await readPicture(open.db, { store: 'alya', key: 'a.jpg' })
      expect(row?.state ?? null).toBe(state)
      const there = await stores.get('alya').blobs.stat('a.jpg')
      expect(there?.bytes ?? null).toBe(state === 'stored' ? bytes.length : null)
      expect(await listIntents(open.db, 'test', 0)).toEqual([])
      await open.db.deleteFrom('product_pictures').execute()
      await keepInStep.repair() // the deleted row’s copy goes too
      expect(await stores.get('alya').blobs.stat('a.jpg')).toBeNull()
    },
  )
})

describe('while it runs', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  it('a row that cannot be written takes the bytes out again; a deleted photo takes its copy along; a lost copy is put back', async () => {
    const { db, dataDir } = database
    await using stores = await openStores(readStores(undefined, dataDir, 'jewelry'), dataDir)
    const path = join(dataDir, 'original')
    await writeFile(path, bytes)
    await using keepInStep = createKeepInStep({
      db,
      stores,
      owner: 'test',
      locate: async () => fileAt(path, await readBounds({ root: dataDir, followLinks: [] })),
      log: silentLog,
    })
    const { blobs } = stores.get('alya')
    await expect(keepInStep.put('alya', 'a.jpg', source, () => Promise.reject(new Error('no row')))).rejects.toThrow('no row')
    await keepInStep.repair()
    expect(await blobs.stat('a.jpg')).toBeNull()

    const photoId = await addPhoto(db)
    await db.updateTable('photos').set({ sha256, bytes: bytes.length }).where('id', '=', photoId).execute()
    const picture = {
      photoId,
      store: 'alya',
      displayName: 'a',
      kind: null,
      state: 'stored',
      like: null,
      originId: null,
      madeBy: null,
      shot: {} as never,
    } as const
    await keepInStep.put('alya', 'b.jpg', source, (forget) =>
      db.transaction().execute(async (trx) => {
        await insertPicture(trx, { ...picture, key: 'b.jpg' })
        await forget(trx)
      }),
    )
    expect(await listIntents(db, 'test', 0)).toEqual([])
    // as after a restore that died between intent and put
    await blobs.delete('b.jpg')
    await db.insertInto('store_intents').values({ owner: 'test', store: 'alya', key: 'b.jpg' }).execute()
    await keepInStep.repair()
    expect(await blobs.stat('b.jpg')).toMatchObject({ bytes: bytes.length })
    // a store may be public: what a link out of the folder leads to is not read, be it the same bytes
    await blobs.delete('b.jpg')
    const outside = join(await mkdtemp(join(testFolder(), 'fototeca-test-')), 'original')
    await writeFile(outside, bytes)
    await rm(path)
    await symlink(outside, path)
    await db.insertInto('store_intents').values({ owner: 'test', store: 'alya', key: 'b.jpg' }).execute()
    expect(await keepInStep.repair()).toBe(1)
    expect(await blobs.stat('b.jpg')).toBeNull()
    await rm(path)
    await writeFile(path, bytes)
    expect(await keepInStep.repair()).toBe(0)
    expect(await blobs.stat('b.jpg')).toMatchObject({ bytes: bytes.length })
    await db.deleteFrom('photos').where('id', '=', photoId).execute()
    await keepInStep.repair()
    expect(await blobs.stat('b.jpg')).toBeNull()
  })
})
