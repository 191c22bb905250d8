import { expect, it } from 'vitest'
import { isNestedTooDeeply } from './json-depth.ts'

it('counts brackets outside of strings', () => {
  expect(isNestedTooDeeply('[[[1]]]', 3)).toBe(false)
  expect(isNestedTooDeeply('[{"a":[1]}]', 2)).toBe(true)
  expect(isNestedTooDeeply(JSON.stringify(['[[[[', '\\"[[[[', '{"']), 1)).toBe(false)
  expect(isNestedTooDeeply('[],[],[]', 1)).toBe(false)
  expect(isNestedTooDeeply('"[[[[', 1)).toBe(false)
})
