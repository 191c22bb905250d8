/** @file How much text makes a picture one with text in it. */

/** Letters fewer than this are a reading error more often than a text. */
export const MIN_LETTERS = 3

export const countLetters = (text: string): number => text.replace(/[^\p{L}\p{N}]/gu, '').length
