/** @file The PDQ hashes of a decoded picture. */
import { toLuma } from '../domain/colour/luma.ts'
import { hashLuma, PDQ_MAX_SIDE, type PdqHash } from '../domain/likeness/pdq.ts'
import type { Picture, Pixels } from './picture.ts'

const hashPixels = ({ data, width, height }: Pixels): PdqHash => hashLuma(toLuma(data), width, height)

/**
 * `pdq` is what every PDQ program would say. PDQ’s filter and sample points hang on the size below 512 px, so a small copy has
 * another hash than its original: of copies 320 px wide 17 % lay within 8 bits, of 256 px 3 %. The hashes photos are matched by
 * (`dihedral`) are therefore always taken at 512 px, small pictures enlarged: then 97 % and 93 %.
 */
export async function hashPicture(picture: Picture): Promise<PdqHash> {
  const own = await picture.fit(PDQ_MAX_SIDE)
  const hash = hashPixels(own)
  const long = Math.max(own.width, own.height)
  if (long >= PDQ_MAX_SIDE) return hash
  const enlarge = (side: number) => Math.max(1, Math.round((side * PDQ_MAX_SIDE) / long))
  const { dihedral } = hashPixels(await picture.exact(enlarge(own.width), enlarge(own.height), 'squash'))
  return { ...hash, dihedral }
}
