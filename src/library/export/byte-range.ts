/** @file A part of a stream that is written anew each time: what `Range` asks for, and cutting it out. Pure. */

export interface ByteRange {
  /** first byte, and one past the last */
  readonly start: number
  readonly end: number
}

/**
 * One range of `Range` (RFC 9110 §14.1.2).
 * @returns null for none, several or another unit, which are ignored; `outside` for one that lies beyond the end
 */
export function parseRange(header: string | undefined, length: number): ByteRange | 'outside' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first)
  const end = first === '' || last === '' ? length : Math.min(length, Number(last) + 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  return start >= length || end <= start ? 'outside' : { start, end }
}

/** The bytes from `start` to before `end`; what produces them is stopped after the last. */
export async function* cutBytes(chunks: AsyncIterable<Buffer>, { start, end }: ByteRange): AsyncGenerator<Buffer> {
  let at = 0
  for await (const chunk of chunks) {
    const [from, to] = [Math.max(0, start - at), Math.min(chunk.length, end - at)]
    if (from < to) yield chunk.subarray(from, to)
    at += chunk.length
    if (at >= end) return
  }
}
