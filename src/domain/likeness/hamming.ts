/** @file 256-bit perceptual hashes as eight 32-bit words, how far they are apart, and what turning a picture does to them. */

export const HASH_BYTES = 32
export const HASH_WORDS = 8

/** The turns of a picture in the order of `photo_hashes.dihedral`. */
export const TRANSFORMS = ['none', 'rotate-90', 'rotate-180', 'rotate-270', 'flip-x', 'flip-y', 'transpose', 'anti-transpose'] as const
export type Transform = (typeof TRANSFORMS)[number]

/** The turn that undoes a turn: quarter turns undo each other, all others undo themselves. */
export function invertTransform(transform: Transform): Transform {
  if (transform === 'rotate-90') return 'rotate-270'
  if (transform === 'rotate-270') return 'rotate-90'
  return transform
}

/** [8] words of the hash that starts at `offset` bytes. */
export function hashWords(bytes: Uint8Array, offset = 0): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HASH_BYTES)
  return Uint32Array.from({ length: HASH_WORDS }, (_, i) => view.getUint32(i * 4))
}

/** Bits set in a 32-bit word. */
function countBits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Bits that differ between the hash at word `at` of `table` and `hash`; stops counting above `limit`. */
export function hammingDistance(table: Uint32Array, at: number, hash: Uint32Array, limit = 256): number {
  let distance = 0
  for (let i = 0; i < HASH_WORDS && distance <= limit; i++) distance += countBits(((table[at + i] ?? 0) ^ (hash[i] ?? 0)) >>> 0)
  return distance
}
