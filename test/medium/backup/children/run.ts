/**
 * @file Child of a test: makes a backup of a data folder, or restores into one, and ends itself by SIGKILL at the `at`-th step of a phase.
 * Arguments: backup or restore, target, data folder, URL of the database or -, phase or -, at.
 */
import { openDatabase } from '../../../../src/db/client.ts'
import { backUp, bringBack } from '../../../support/backup.ts'

const [what, target = '', dataDir = '', url = '-', wanted = '-', at = '1'] = process.argv.slice(2)
const databaseUrl = url === '-' ? undefined : url
let steps = 0
const onProgress = ({ phase }: { readonly phase: string }) => {
  if (phase !== wanted) return
  steps += 1
  if (steps === Number(at)) process.kill(process.pid, 'SIGKILL')
}

if (what === 'backup') {
  await using open = await openDatabase({ dataDir, databaseUrl })
  const { manifest, written } = await backUp({ ...open, dataDir }, target, {}, onProgress)
  console.log(JSON.stringify({ name: manifest.name, written, files: manifest.files?.count }))
} else console.log(JSON.stringify(await bringBack(target, { dataDir, databaseUrl }, {}, onProgress)))
