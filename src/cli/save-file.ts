/** @file What a route sends, into a file. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CliContext } from './context.ts'
import { formatBytes } from './format.ts'

/** Beside its name until it is whole: what broke off is never taken for it. @returns its bytes */
export async function saveFile(bytes: Readable, to: string, { deps: { stderr, isTty } }: CliContext): Promise<number> {
  const part = `${to}.part`
  let written = 0
  const count = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      written += chunk.length
      if (isTty) stderr.write(`\r${formatBytes(written)}`)
      yield chunk
    }
  }
  try {
    await pipeline(bytes, count, createWriteStream(part))
    await rename(part, to)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  if (isTty) stderr.write('\n')
  return written
}
