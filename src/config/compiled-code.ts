/** @file Compiled code on the disk (`start-settings.ts`): Node writes it when a process ends by itself, and processes that are killed never do. */
import { flushCompileCache } from 'node:module'

let isWritten = false

/** Writes what was compiled so far, once: for a process that has done its first work, and so has loaded what it needs. */
export function writeCompiledCode(): void {
  if (isWritten) return
  isWritten = true
  flushCompileCache()
}
