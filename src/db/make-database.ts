/** @file Makes a new database folder (its argument) and ends; run as a process of its own by `pglite-worker.ts`. */
import { makeDatabase } from './durable-pglite.ts'

/** The last line of standard error is what a person reads. */
function stopForGood(reason: unknown): never {
  process.stderr.write(`${reason instanceof Error ? reason.message : String(reason)}\n`)
  process.exit(70)
}

const [folder] = process.argv.slice(2)
if (folder === undefined) stopForGood('usage: make-database <folder>')
// a killed parent leaves this process with another one: what it makes then would appear beside the database of a later start
const parent = process.ppid
await makeDatabase(folder, { onSync: () => {}, makeRoom: () => false, stopForGood }, () => process.ppid === parent).catch(stopForGood)
process.exit(0)
