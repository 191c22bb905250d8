/** @file What a program did to the disk, one operation after another: written by `record-disk.ts`, played back by `replay-disk.ts`. */

/** `path` is absolute. Writes and sizes in bytes, `data` in base64. */
export type DiskOperation =
  | { readonly kind: 'create' | 'make-folder' | 'remove'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly at: number; readonly data: string }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  /** a file or a folder was forced to the disk */
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  /** the program answered something: from here on it is promised */
  | { readonly kind: 'note'; readonly note: unknown }

/** Environment of the recorder: the folder that is watched, and the file the operations are written to (one line each). */
export const RECORD_ROOT = 'FOTOTECA_TEST_RECORD_ROOT'
export const RECORD_FILE = 'FOTOTECA_TEST_RECORD_FILE'
