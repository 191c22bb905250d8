/** @file The opaque `cursor` of a page of an album: the place and id of its last photo. */
import { z } from 'zod'
import { FototecaError } from '../../domain/errors.ts'
import type { Placed } from './store-members.ts'

const Cursor = z.tuple([z.number(), z.number().int().min(0).max(2_147_483_647)])

export function encodePlace({ place, photo_id }: Placed): string {
  return Buffer.from(JSON.stringify([place, photo_id])).toString('base64url')
}

/** @throws FototecaError `bad_request` for what `encodePlace` did not make */
export function decodePlace(text: string): Placed {
  try {
    const [place, photo_id] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { place, photo_id }
  } catch (error) {
    throw new FototecaError('bad_request', 'cursor: take `next` of the page before, or leave it out', { cause: error })
  }
}
