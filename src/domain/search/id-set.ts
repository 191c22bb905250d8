/** @file A set of photo ids as bits: 12 kB for 100,000, asked in nanoseconds, and cheap to hand to another thread. Pure. */

export class IdSet {
  readonly size: number
  /** bit i of word w is id 32 w + i */
  readonly words: Uint32Array

  private constructor(words: Uint32Array, size: number) {
    this.words = words
    this.size = size
  }

  static of(ids: Iterable<number> & { readonly length: number }): IdSet {
    let last = 0
    for (const id of ids) if (id > last) last = id
    const words = new Uint32Array((last >>> 5) + 1)
    for (const id of ids) words[id >>> 5] = (words[id >>> 5] ?? 0) | (1 << (id & 31))
    return new IdSet(words, countBits(words))
  }

  static fromWords(words: Uint32Array): IdSet {
    return new IdSet(words, countBits(words))
  }

  has(id: number): boolean {
    return ((this.words[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0
  }

  /** those of this set that are not in the other */
  without(other: IdSet): IdSet {
    return IdSet.fromWords(this.words.map((word, i) => word & ~(other.words[i] ?? 0)))
  }

  /** those in both */
  and(other: IdSet): IdSet {
    return IdSet.fromWords(this.words.map((word, i) => word & (other.words[i] ?? 0)))
  }

  /** those in either */
  or(other: IdSet): IdSet {
    const words = new Uint32Array(Math.max(this.words.length, other.words.length))
    words.set(this.words)
    // by place: pairs of `entries()` cost more than the words
    for (let i = 0; i < other.words.length; i++) words[i] = (words[i] ?? 0) | (other.words[i] ?? 0)
    return IdSet.fromWords(words)
  }

  /** in ascending order */
  toArray(): number[] {
    return [...this.toIds()]
  }

  /** as `toArray`, in four bytes each */
  toIds(): Int32Array {
    const ids = new Int32Array(this.size)
    let at = 0
    // not `entries()`: at a million ids the pairs it makes cost more than the ids
    for (let i = 0; i < this.words.length; i++)
      for (let bits = this.words[i] ?? 0; bits !== 0; bits &= bits - 1) ids[at++] = i * 32 + 31 - Math.clz32(bits & -bits)
    return ids
  }
}

function countBits(words: Uint32Array): number {
  let count = 0
  for (let bits of words) {
    bits -= (bits >>> 1) & 0x55555555
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}
