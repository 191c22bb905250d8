/** @file Seeded dice: every run sees the same library. */

export interface Random {
  (): number
  normal(): number
  pick<T>(items: readonly T[]): T
}

/** xorshift128: seeded, so that every run sees the same library. */
export function makeRandom(seed: number): Random {
  let [a, b, c, d] = [seed ^ 0x9e3779b9, seed ^ 0x243f6a88, seed ^ 0xb7e15162, seed | 1]
  const next = () => {
    const t = a ^ (a << 11)
    a = b
    b = c
    c = d
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8)
    return (d >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 32; i++) next()
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return Object.assign(next, { normal, pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]! })
}
