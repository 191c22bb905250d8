/** @file What a field of a request may be, as data, and in English. */

export type Expected =
  | { readonly kind: 'number' | 'whole number' | 'text' | 'flag' | 'day' | 'null' | 'anything' }
  | { readonly kind: 'values'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'list'; readonly of: Expected }
  | { readonly kind: 'object'; readonly fields: readonly string[] }
  | { readonly kind: 'any'; readonly of: readonly Expected[] }

const ONE = {
  number: 'a number',
  'whole number': 'a whole number',
  text: 'text',
  flag: 'true or false',
  day: 'a day, e.g. 2024-12-31',
  null: 'null',
  anything: 'a value',
} as const
const MANY = { ...ONE, number: 'numbers', 'whole number': 'whole numbers', text: 'texts', day: 'days', anything: 'values' } as const

const either = new Intl.ListFormat('en', { type: 'disjunction' })
const all = new Intl.ListFormat('en')

export function sayExpected(expected: Expected, isMany = false): string {
  switch (expected.kind) {
    case 'values':
      return either.format(expected.values.map((value) => JSON.stringify(value)))
    case 'list':
      return `${isMany ? 'lists' : 'a list'} of ${sayExpected(expected.of, true)}`
    case 'object':
      return `${isMany ? 'objects' : 'an object'}${expected.fields.length === 0 ? '' : ` with ${all.format(expected.fields)}`}`
    case 'any':
      return either.format(expected.of.map((one) => sayExpected(one, isMany)))
    default:
      return (isMany ? MANY : ONE)[expected.kind]
  }
}
