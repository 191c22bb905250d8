/** @file Random numbers that a seed repeats. Pure. */

/** Mulberry32 (Tommy Ettinger, public domain): numbers from 0 to below 1, the same for the same seed (0 … 2³² − 1). */
export function startRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Fisher–Yates, on a copy. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items]
  const drawn: T[] = []
  while (left.length > 0) {
    const [item] = left.splice(Math.floor(random() * left.length), 1)
    if (item !== undefined) drawn.push(item)
  }
  return drawn
}
