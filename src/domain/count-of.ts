/**
 * How many of what, in words: "1 photo", "3 photos".
 * @param one the singular, with its verb where one follows ("photo is")
 * @param many the plural where it is not the singular and an s
 */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
