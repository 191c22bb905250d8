/** @file Puts one picture into a store and kills itself at the moment that its first argument names. Arguments: moment, data folder, photo id. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { openDatabase } from '../../../../src/db/client.ts'
import { silentLog } from '../../../../src/domain/log.ts'
import { createKeepInStep } from '../../../../src/product/keep-in-step.ts'
import { insertPicture, setPictureState } from '../../../../src/product/store-pictures.ts'
import { readStores } from '../../../../src/storage/read-stores.ts'
import { openStores } from '../../../../src/storage/stores.ts'

const [moment = '', dataDir = '', photo = ''] = process.argv.slice(2)
const die = (at: string) => {
  if (at === moment) process.kill(process.pid, 'SIGKILL')
}
const bytes = Buffer.alloc(200_000, 7)
const { db } = await openDatabase({ dataDir })
const stores = await openStores(readStores(undefined, dataDir, 'jewelry'), dataDir)
const keepInStep = createKeepInStep({ db, stores, owner: 'test', locate: async () => null, log: silentLog })
const source = {
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  contentType: 'image/jpeg',
  open: () => {
    die('intent')
    return Readable.from(
      (function* () {
        yield bytes.subarray(0, 100_000)
        die('half')
        yield bytes.subarray(100_000)
      })(),
    )
  },
}
const put = (key: string) =>
  keepInStep.put('alya', key, source, async (forget) => {
    die('put')
    const id = await db.transaction().execute(async (trx) => {
      const row = await insertPicture(trx, {
        photoId: Number(photo),
        store: 'alya',
        key,
        displayName: key,
        kind: null,
        state: 'stored',
        like: null,
        originId: null,
        madeBy: null,
        shot: {} as never,
      })
      die('row')
      await forget(trx)
      return row
    })
    die('commit')
    return id
  })
const id = await put('a.jpg')
await keepInStep.remove('alya', 'a.jpg', async (trx) => {
  await setPictureState(trx, id, 'trashed')
  die('trash')
})
die('trashed')
