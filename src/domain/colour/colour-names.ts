/** @file Which everyday word a colour is called by: the nearest of 29, by CIEDE2000. */
import { differenceCiede2000 } from 'culori'

/** Words people search by, each with typical shades: as seen in photos, and the pure screen colour where it lies far from those. */
const COLOUR_WORDS = {
  black: ['#0b0b0b'], charcoal: ['#3a3a3c'], grey: ['#808080'], silver: ['#bdbec0'], white: ['#fbfbfb'],
  red: ['#d0202a', '#ff0000'], maroon: ['#6b1520'], brown: ['#75482a'], tan: ['#bf9a72'], beige: ['#e3d6bd'], cream: ['#fdf3d8'],
  orange: ['#f07f1e'], peach: ['#fbc5a0'], yellow: ['#f5dc1f'], gold: ['#c79a2f'], olive: ['#73742f'],
  lime: ['#a9d93a', '#00ff00'], green: ['#2f9440'], 'dark green': ['#1b4328'], mint: ['#a5dfc6'],
  teal: ['#15777a'], turquoise: ['#3fd0c9'], 'sky blue': ['#86c3ea'], blue: ['#2360cb', '#4a86c8', '#0000ff'], navy: ['#1a2956'],
  lavender: ['#b7a6de'], purple: ['#6c2fa3'], magenta: ['#cf2298'], pink: ['#f2a3bd'],
} as const satisfies Record<string, readonly string[]> // biome-ignore format: a table
export type ColourWord = keyof typeof COLOUR_WORDS

const difference = differenceCiede2000()

export function nameColour(hex: string): ColourWord {
  let nearest: ColourWord = 'grey'
  let least = Number.POSITIVE_INFINITY
  for (const [word, shades] of Object.entries(COLOUR_WORDS))
    for (const shade of shades) {
      const distance = difference(hex, shade)
      if (distance < least) {
        least = distance
        nearest = word as ColourWord
      }
    }
  return nearest
}
