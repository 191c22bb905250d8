/** @file A file for a picture on its way, gone when it is disposed of. */
import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolderBelow } from '../storage/durable-write.ts'

export interface TemporaryFile extends AsyncDisposable {
  readonly path: string
  write(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>
}

/** @param folder on the disk of the data folder, whose room is the one that is watched; made when missing. @param ending e.g. `.jpg` */
export async function openTemporary(folder: string, ending: string): Promise<TemporaryFile> {
  await makeFolderBelow(dirname(folder), folder)
  const path = join(folder, `${randomUUID()}${ending}`)
  return {
    path,
    async write(chunks) {
      const file = await open(path, 'wx')
      try {
        for await (const chunk of chunks) await file.writeFile(chunk)
      } finally {
        await file.close()
      }
    },
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  }
}
