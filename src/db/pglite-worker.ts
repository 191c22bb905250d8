/** @file The thread PGlite lives in: it blocks its thread in every query, so no other code runs here. */
import { execFileSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { PGlite } from '@electric-sql/pglite'
import { isDatabase, openDurable } from './durable-pglite.ts'
import type { PgliteAnswer, PgliteCall, PgliteThreadData } from './pglite.ts'
import { giveUpReserve } from './reserve.ts'

const port = parentPort
if (isMainThread || !port) throw new Error('pglite-worker runs in a worker thread')
const data = workerData as PgliteThreadData

let syncs = 0

function stopForGood(reason: unknown): never {
  const message = reason instanceof Error ? reason.message : String(reason)
  port?.postMessage({ id: 0, fatal: message } satisfies PgliteAnswer)
  process.exit(70)
}

/** A database is made in a process of its own: what that takes (200 MB) would stay with this one for ever. */
async function open(folder: string): Promise<PGlite> {
  if (!isDatabase(folder)) {
    try {
      execFileSync(process.execPath, [fileURLToPath(new URL('./make-database.ts', import.meta.url)), folder], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
    } catch (error) {
      const said = (error as { stderr?: Buffer }).stderr?.toString().trim().split('\n').at(-1)
      throw new Error(said || (error instanceof Error ? error.message : String(error)), { cause: error })
    }
  }
  return openDurable(folder, {
    onSync: () => {
      syncs += 1
    },
    makeRoom: () => giveUpReserve(dirname(folder)),
    stopForGood,
  })
}

const opened = open(data.folder)
opened.then(
  () => port.postMessage({ id: 0, ready: true } satisfies PgliteAnswer),
  (error: unknown) => stopForGood(error),
)

/** Plain copy of a Postgres error: its fields are what callers test (`code`), and a class does not survive the port. */
function describeFailure(error: unknown): PgliteAnswer['error'] {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, severity, detail, hint, schema, table, column, constraint, position, where } = error as unknown as Record<string, string>
  return { message: error.message, code, severity, detail, hint, schema, table, column, constraint, position, where }
}

let queue: Promise<void> = Promise.resolve()
port.on('message', (call: PgliteCall) => {
  queue = queue.then(async () => {
    try {
      const pglite = await opened
      if (call.kind === 'query') {
        const result = await pglite.query(call.sql, [...call.parameters])
        port.postMessage({ id: call.id, rows: result.rows, command: result.command, affected: result.rowCount } satisfies PgliteAnswer)
      } else if (call.kind === 'syncs') port.postMessage({ id: call.id, rows: [{ syncs }] } satisfies PgliteAnswer)
      else {
        await pglite.close()
        port.postMessage({ id: call.id } satisfies PgliteAnswer)
        port.close()
      }
    } catch (error) {
      port.postMessage({ id: call.id, error: describeFailure(error) } satisfies PgliteAnswer)
    }
  })
})
