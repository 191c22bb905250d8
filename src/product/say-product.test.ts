import { expect, it } from 'vitest'
import type { ProductProfile } from '../domain/product/product-profile.ts'
import { PRODUCT_PROFILES } from '../domain/product/product-profiles.ts'
import { findWords } from '../domain/product/vocabulary.ts'
import { sayProduct } from './say-product.ts'

const { jewelry, fashion, general } = PRODUCT_PROFILES

it('finds materials and kinds as whole words; rose gold is not gold too', () => {
  expect(findWords(jewelry.materials, ['Rose-gold hoops with pearls', 'goldfish'])).toEqual(['rose gold', 'pearl'])
  expect(findWords(jewelry.materials, ['a gold ring, rose gold beside it'])).toEqual(['rose gold', 'gold'])
  expect(findWords(jewelry.kinds, ['Stringed earrings'])).toEqual(['earring'])
})

it('puts together what is known and nothing else', () => {
  expect(sayProduct(null, null, 'golden', jewelry)).toEqual({ name: null, description: null, attributes: null, prompt: null })
  expect(sayProduct(null, 'earring', 'golden', jewelry)).toEqual({
    name: 'Golden earring',
    description: null,
    attributes: 'type: earring, colour: golden',
    prompt: null,
  })
  const said = {
    description: 'Two gold drop earrings with a pearl each. They lie on white.',
    altText: null,
    tags: ['gold', 'drop', 'earrings'],
  }
  expect(sayProduct(said, 'earring', 'yellow', jewelry)).toEqual({
    name: 'Gold pearl earring',
    description: 'Two gold drop earrings with a pearl each.',
    attributes: 'material: gold, material: pearl, type: earring, drop, earrings',
    prompt: 'Product photograph. Two gold drop earrings with a pearl each. They lie on white.',
  })
  expect(sayProduct({ description: 'Something round.', altText: null, tags: [] }, 'ring', null, jewelry).name).toBe('Ring')
})

it('tells a product by the words of what the shop sells', () => {
  const said = { description: 'A pair of brown suede ankle boots with a gold buckle.', altText: null, tags: [] }
  const nameIn = (profile: ProductProfile) => sayProduct(said, null, null, profile).name
  expect([nameIn(fashion), nameIn(jewelry), nameIn(general)]).toEqual(['Suede boots', null, 'Gold suede boots'])
})
