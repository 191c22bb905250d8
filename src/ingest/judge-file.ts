/** @file Decides what a file is to the library: a picture, a picture that cannot be taken (with the reason), or none of our business. */
import { type Message, message, textMessage } from '../contract/messages/message.ts'
import type { PhotoFormat } from '../contract/words.ts'
import { sniffFormat } from '../media/sniff.ts'

export interface Limits {
  readonly maxBytes: number
  readonly formats: readonly PhotoFormat[]
}

export type Verdict = { readonly format: PhotoFormat } | { readonly failed: Message; readonly isTooLarge: boolean } | 'ignored'

/** Names by which a person means a picture. Such a file with other content is shown as failed; any other file counts only by its content. */
const PICTURE_NAME = /\.(jpe?g|jpe|jfif|png|webp|avif|gif|tiff?|bmp|dib|hei[cf]|hif|cr[23]|nef|arw|dng|raf|orf|rw2|jxl)$/i

export function hasPictureName(filename: string): boolean {
  return PICTURE_NAME.test(filename)
}

/** @throws the file system’s own error when the file cannot be read */
export async function judgeFile(path: string, filename: string, bytes: number, limits: Limits): Promise<Verdict> {
  const sniffed = await sniffFormat(path)
  if ('refused' in sniffed)
    return hasPictureName(filename) ? { failed: textMessage(sniffed.refused), isTooLarge: bytes > limits.maxBytes } : 'ignored'
  if (!limits.formats.includes(sniffed.format)) return 'ignored'
  if (bytes > limits.maxBytes)
    return {
      failed: message('file.over-limit', { bytes, limit: limits.maxBytes }),
      isTooLarge: true,
    }
  return sniffed
}
