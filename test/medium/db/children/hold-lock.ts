/** @file Child of a test: takes the data folder's lock, says so (or why not), and stays. */
import { lockDataFolder } from '../../../../src/db/data-folder-lock.ts'

const [dataDir = '', url, isShared] = process.argv.slice(2)
try {
  const lock = await lockDataFolder(dataDir, { isShared: isShared !== undefined })
  if (url) await lock.announce({ url })
  console.log('locked')
  setInterval(() => {}, 1000)
} catch (error) {
  console.log(`refused ${(error as { code: string }).code}`)
}
