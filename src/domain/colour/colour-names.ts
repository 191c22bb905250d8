/** @file Which everyday word a colour is called by: the nearest of 29, by CIEDE2000. */
import { differenceCiede2000 } from 'culori'
import { COLOUR_WORDS, type ColourWord } from './colour-words.ts'

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
