/** @file Copies of blobs on this machine, for what needs a path: lent, shared, and kept up to a number of bytes. */
import { rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { makeFolderBelow, removeLeft, temporaryName, writeTemporary } from './durable-write.ts'

interface Copy {
  readonly path: string
  /** resolves with its length once it is whole */
  readonly ready: Promise<number>
  bytes: number
  readers: number
}

export class LocalCopies implements AsyncDisposable {
  readonly #folder: string
  readonly #keptBytes: number
  /** in the order of their last use */
  readonly #copies = new Map<string, Copy>()
  #cleared: Promise<void> | undefined

  /** @param folder made when the first copy is; the one it lies in must be there then */
  constructor(folder: string, keptBytes: number) {
    this.#folder = folder
    this.#keptBytes = keptBytes
  }

  /** A path for a file on its way. What dead processes left in the folder goes at the first. */
  async newPath(): Promise<string> {
    await makeFolderBelow(dirname(this.#folder), this.#folder)
    this.#cleared ??= removeLeft(this.#folder)
    await this.#cleared
    return join(this.#folder, temporaryName())
  }

  /**
   * @param mark names what the copy is of: two of the same mark are the same bytes. null: it is made for this one reader
   * @throws what `read` and `use` throw
   */
  async lend<T>(mark: string | null, read: () => Promise<Readable>, use: (path: string) => Promise<T>): Promise<T> {
    const copy = (mark === null ? undefined : this.#copies.get(mark)) ?? (await this.#begin(read))
    copy.readers += 1
    try {
      if (mark !== null) {
        this.#copies.delete(mark)
        this.#copies.set(mark, copy)
      }
      copy.bytes = await copy.ready
      return await use(copy.path)
    } catch (error) {
      // one that could not be made is tried anew by the next
      if (mark !== null && copy.bytes === 0 && this.#copies.get(mark) === copy) this.#copies.delete(mark)
      throw error
    } finally {
      copy.readers -= 1
      await this.#letGo(mark, copy)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const copies = [...this.#copies.values()]
    this.#copies.clear()
    await Promise.all(copies.filter(({ readers }) => readers === 0).map(({ path }) => rm(path, { force: true })))
  }

  async #begin(read: () => Promise<Readable>): Promise<Copy> {
    const stream = await read()
    const path = await this.newPath()
    const ready = writeTemporary(path, stream, { isDurable: false }).then(async () => (await stat(path)).size)
    ready.catch(() => {})
    return { path, ready, bytes: 0, readers: 0 }
  }

  async #letGo(mark: string | null, copy: Copy): Promise<void> {
    const isKept = mark !== null && this.#copies.get(mark) === copy
    if (!isKept && copy.readers === 0) await rm(copy.path, { force: true })
    let bytes = [...this.#copies.values()].reduce((sum, one) => sum + one.bytes, 0)
    for (const [oldest, one] of this.#copies) {
      if (bytes <= this.#keptBytes) return
      if (one.readers > 0) continue
      this.#copies.delete(oldest)
      bytes -= one.bytes
      await rm(one.path, { force: true })
    }
  }
}
