/** @file What is wrong with a file that does not decode, in words for a person, and how much of a cut-off picture is missing. */
import type { PhotoFormat } from '../contract/words.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Pixels } from './picture.ts'

const NAMES: Partial<Record<PhotoFormat, string>> = { webp: 'WebP', heic: 'HEIC' }
export const nameFormat = (format: PhotoFormat): string => NAMES[format] ?? format.toUpperCase()

/** Turns what libvips says into a sentence; the original stays as the cause. Our own errors pass unchanged. */
export function explainDecodeError(error: unknown, format: PhotoFormat): FototecaError {
  if (error instanceof FototecaError) return error
  const text = error instanceof Error ? error.message : String(error)
  const name = nameFormat(format)
  if (/timeout/i.test(text)) return new FototecaError('timed_out', `decoding this ${name} took too long; it was given up`, { cause: error })
  if (/exceeds (the )?(pixel|maximum)|too large|dimension/i.test(text))
    return new FototecaError('unreadable_picture', `this ${name} file says it has a size that cannot be true`, { cause: error })
  if (/memory/i.test(text))
    return new FototecaError('too_large', `this ${name} needs more memory to decode than there is`, { cause: error })
  if (/unsupported image format|unsupported codec|not supported|unimplemented/i.test(text))
    return new FototecaError('unreadable_picture', `this ${name} file is damaged, or of a variant that cannot be read`, { cause: error })
  if (/corrupt header|invalid.*structure|bogus|too short/i.test(text))
    return new FototecaError('unreadable_picture', `the beginning of this ${name} file is damaged, so nothing of the picture can be read`, {
      cause: error,
    })
  if (/premature|end of|truncated|bad seek|past eof/i.test(text))
    return new FototecaError('unreadable_picture', `this ${name} file is cut off or damaged: its picture cannot be read`, { cause: error })
  return new FototecaError('unreadable_picture', `the picture data in this ${name} file is damaged`, { cause: error })
}

/**
 * Share of rows at the bottom that hold one flat colour, the same in all of them: what a decoder leaves where the data
 * ends. Meaningful only for a file the decoder complained about; a sound picture may well have a flat lower part.
 */
export function findMissingShare({ data, width, height }: Pixels): number {
  const stride = width * 3
  const last = (height - 1) * stride
  const [red = 0, green = 0, blue = 0] = [data[last], data[last + 1], data[last + 2]]
  for (let row = height - 1; row >= 0; row--) {
    const end = (row + 1) * stride
    for (let at = row * stride; at < end; at += 3)
      // the colour conversion may move a value by one
      if (Math.abs((data[at] ?? 0) - red) > 2 || Math.abs((data[at + 1] ?? 0) - green) > 2 || Math.abs((data[at + 2] ?? 0) - blue) > 2)
        return (height - 1 - row) / height
  }
  return 1
}
