/** @file What may be decoded at most, and the errors that name the limit and the setting that changes it. */
import { FototecaError } from '../domain/errors.ts'

export interface DecodeLimits {
  readonly maxPixels: number
  readonly maxBytes: number
  /** longest decode, counted from when its memory is free (`decode-timeout.ts`); without it, as long as the signal allows */
  readonly timeoutMs?: number
  /** whose decode it is, where several share a process: one that takes too much memory is known by it */
  readonly owner?: number
}

/**
 * Frames or pages a GIF, WebP or TIFF may have. Only the first is used, but libvips walks through all of them when it
 * opens the file: 100,000 TIFF pages took 2.1 s, 1,000 took 19 ms.
 */
export const MAX_FRAMES = 10_000

export function checkBytes(bytes: number, limits: DecodeLimits): void {
  if (bytes === 0) throw new FototecaError('unreadable_picture', 'the file is empty')
  if (bytes > limits.maxBytes)
    throw new FototecaError(
      'too_large',
      `the file has ${inMillions(bytes)} MB; at most ${inMillions(limits.maxBytes)} MB are taken (setting FOTOTECA_MAX_BYTES)`,
    )
}

export function checkPixels(width: number, height: number, limits: DecodeLimits): void {
  if (!(width > 0 && height > 0)) throw new FototecaError('unreadable_picture', 'the file says that the picture has no width or height')
  if (width * height > limits.maxPixels)
    throw new FototecaError(
      'too_large',
      `the picture has ${width} × ${height} pixels (${inMillions(width * height)} megapixels); at most ${inMillions(limits.maxPixels)} are decoded (setting FOTOTECA_MAX_PIXELS)`,
    )
}

export function checkFrames(frames: number): void {
  if (frames > MAX_FRAMES)
    throw new FototecaError('too_large', `the file has more than ${MAX_FRAMES} frames or pages; such files are not taken`)
}

/**
 * Scans a JPEG may have. Encoders write up to a dozen; each costs as much as a decode (6,000²: 6 ms), and libjpeg cannot be
 * stopped within: 2,000 scans of 8,000² in 300 KB took more than half a minute.
 */
export const MAX_SCANS = 100

export function checkScans(scans: number): void {
  if (scans > MAX_SCANS)
    throw new FototecaError(
      'too_large',
      `the JPEG has more than ${MAX_SCANS} scans, far more than any picture needs; such files are not taken`,
    )
}

const inMillions = (value: number): string => String(Math.round(value / 100_000) / 10)
