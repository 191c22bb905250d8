/** @file The version of a photo as an entity tag: `ETag` of the photo, `If-Match` of an edit (RFC 9110, 13.1.1). */
import { FototecaError } from '../domain/errors.ts'

export const writePhotoTag = (version: number): string => `"${version}"`

/** The version that was seen; undefined: none is demanded (no header, or `*`). @throws FototecaError `bad_request` for anything else */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const version = /^\s*"(\d{1,9})"\s*$/.exec(header)?.[1]
  if (version === undefined) throw new FototecaError('bad_request', 'If-Match: send the ETag of the photo as it came, one, in its quotes')
  return Number(version)
}
