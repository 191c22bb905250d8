/** @file The note in a data folder that a restore began there: nothing else may use the folder before it is done. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FototecaError } from '../domain/errors.ts'

const Note = z.object({ from: z.string(), snapshot: z.string() })
export type RestoreNote = z.infer<typeof Note>

const notePath = (dataDir: string): string => join(dataDir, 'restoring.json')

export async function readRestoreNote(dataDir: string): Promise<RestoreNote | null> {
  const text = await readFile(notePath(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  try {
    return Note.parse(JSON.parse(text))
  } catch {
    return { from: '?', snapshot: '?' } // killed while it was written: nothing was restored yet
  }
}

export const writeRestoreNote = (dataDir: string, note: RestoreNote): Promise<void> =>
  writeFile(notePath(dataDir), `${JSON.stringify(note)}\n`, { flush: true, mode: 0o600 })

export const removeRestoreNote = (dataDir: string): Promise<void> => rm(notePath(dataDir), { force: true })

/** @throws FototecaError `config` */
export async function refuseHalfRestored(dataDir: string): Promise<void> {
  const note = await readRestoreNote(dataDir)
  if (note)
    throw new FototecaError(
      'config',
      `a restore into ${dataDir} did not finish; go on with \`fototeca restore ${note.from} --snapshot ${note.snapshot}\`, or empty the folder`,
    )
}
