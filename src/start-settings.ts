/**
 * @file How Node is to be started for the library: with a small young generation, few malloc arenas, and its compiled code kept.
 * All three are read once, before the first line of the program runs, so a program started without them starts itself again in the same process.
 */
import { join } from 'node:path'
import { NATIVE_HEAP, SMALL_YOUNG_GENERATION } from './config/process-memory.ts'

/** Compiled code (types stripped) of a checkout: a start takes half the time. Not in a folder others may write to: it is run. */
const COMPILE_CACHE = join(import.meta.dirname, '../node_modules/.cache/fototeca')

const START_ENVIRONMENT: Readonly<Record<string, string>> = { ...NATIVE_HEAP, NODE_COMPILE_CACHE: COMPILE_CACHE }

/** True where the program was started with these settings, or cannot be: Windows does not replace a running program. */
export const isStarted = (): boolean => process.execve === undefined || process.execArgv.includes(SMALL_YOUNG_GENERATION)

/** The same process begins anew with the settings; does not return. What a person set for Node or malloc stands. */
export function startAgain(): void {
  const env = { ...START_ENVIRONMENT, ...process.env } as Record<string, string>
  process.execve?.(process.execPath, [process.execPath, SMALL_YOUNG_GENERATION, ...process.execArgv, ...process.argv.slice(1)], env)
}
