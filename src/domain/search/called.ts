/** @file Whether what was typed is a whole name: of a file without its numbers and ending, or of a person. Pure. */
import { splitName, splitWords } from './words.ts'

const ENDING = /\.[\p{L}\p{N}]{1,5}$/u
const TOKEN = /[\p{L}\p{N}\p{M}]+/gu
const DIGIT = /\p{N}/u

/**
 * `n01440764_tench.JPEG` is called “tench”, `BeachHouse-2.jpg` “beach house” and “beachhouse 2”, `IMG_2030.jpg` “img 2030”. What holds
 * a digit may be left out where something else is left.
 * @param typed folded words (`splitWords`); each of them must be in the name
 */
export function isFileCalled(filename: string, typed: ReadonlySet<string>): boolean {
  if (typed.size === 0) return false
  const base = filename.replace(ENDING, '')
  const tokens = [...base.matchAll(TOKEN)].map(([token]) => token)
  const plain = tokens.filter((token) => !DIGIT.test(token))
  const demanded = plain.length > 0 ? plain : tokens
  if (demanded.length === 0 || !demanded.every((token) => isSaid(token, typed))) return false
  const own = new Set(splitName(filename).map(({ word }) => word))
  return areIn(typed, own)
}

/** As one word, or by its parts; of `IMG2030` the letters are enough. */
function isSaid(token: string, typed: ReadonlySet<string>): boolean {
  const whole = splitWords(token)
  if (whole.every(({ word }) => typed.has(word))) return true
  const letters = splitName(token)
    .slice(whole.length)
    .flatMap(({ word }) => (DIGIT.test(word) ? [] : [word]))
  return letters.length > 0 && letters.every((word) => typed.has(word))
}

/** All words of the name, in any order, and no other. */
export function isPersonCalled(name: string, typed: ReadonlySet<string>): boolean {
  const own = new Set(splitWords(name).map(({ word }) => word))
  return own.size > 0 && areIn(own, typed) && areIn(typed, own)
}

const areIn = (words: ReadonlySet<string>, all: ReadonlySet<string>): boolean => [...words].every((word) => all.has(word))
