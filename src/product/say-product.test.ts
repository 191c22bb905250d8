import { expect, it } from 'vitest'
import { sayProduct } from './say-product.ts'
import { findWords, MATERIALS, PRODUCT_KINDS } from './vocabulary.ts'

it('finds materials and kinds as whole words; rose gold is not gold too', () => {
  expect(findWords(MATERIALS, ['Rose-gold hoops with pearls', 'goldfish'])).toEqual(['rose gold', 'pearl'])
  expect(findWords(MATERIALS, ['a gold ring, rose gold beside it'])).toEqual(['rose gold', 'gold'])
  expect(findWords(PRODUCT_KINDS, ['Stringed earrings'])).toEqual(['earring'])
})

it('puts together what is known and nothing else', () => {
  expect(sayProduct(null, null, 'golden')).toEqual({ name: null, description: null, attributes: null, prompt: null })
  expect(sayProduct(null, 'earring', 'golden')).toEqual({
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
  expect(sayProduct(said, 'earring', 'yellow')).toEqual({
    name: 'Gold pearl earring',
    description: 'Two gold drop earrings with a pearl each.',
    attributes: 'material: gold, material: pearl, type: earring, drop, earrings',
    prompt: 'Product photograph. Two gold drop earrings with a pearl each. They lie on white.',
  })
  expect(sayProduct({ description: 'Something round.', altText: null, tags: [] }, 'ring', null).name).toBe('Ring')
})
