/** @file Counts in words, the same in the terminal, in notices, and on the page. */

const number = new Intl.NumberFormat('en')
/** `2,000` */
export const formatCount = (count: number): string => number.format(count)

/**
 * How many of what: `1 photo`, `2,000 photos`.
 * @param one the singular, with its verb where one follows ("photo is")
 * @param many the plural where it is not the singular and an s
 */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`
