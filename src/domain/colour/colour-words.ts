/** @file The 29 everyday words for colours: what palettes are named by, and what such a word means first where a person types it. */

/** Each with typical shades: as seen in photos, and the pure screen colour where it lies far from those. */
export const COLOUR_WORDS = {
  black: ['#0b0b0b'], charcoal: ['#3a3a3c'], grey: ['#808080'], silver: ['#bdbec0'], white: ['#fbfbfb'],
  red: ['#d0202a', '#ff0000'], maroon: ['#6b1520'], brown: ['#75482a'], tan: ['#bf9a72'], beige: ['#e3d6bd'], cream: ['#fdf3d8'],
  orange: ['#f07f1e'], peach: ['#fbc5a0'], yellow: ['#f5dc1f'], gold: ['#c79a2f'], olive: ['#73742f'],
  lime: ['#a9d93a', '#00ff00'], green: ['#2f9440'], 'dark green': ['#1b4328'], mint: ['#a5dfc6'],
  teal: ['#15777a'], turquoise: ['#3fd0c9'], 'sky blue': ['#86c3ea'], blue: ['#2360cb', '#4a86c8', '#0000ff'], navy: ['#1a2956'],
  lavender: ['#b7a6de'], purple: ['#6c2fa3'], magenta: ['#cf2298'], pink: ['#f2a3bd'],
} as const satisfies Record<string, readonly string[]> // biome-ignore format: a table
export type ColourWord = keyof typeof COLOUR_WORDS

/** @param word lower case */
export const isColourWord = (word: string): boolean => Object.hasOwn(COLOUR_WORDS, word) || word === 'gray'
