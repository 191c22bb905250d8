import { expect, it } from 'vitest'
import { readSkuName } from './sku-name.ts'

it.each([
  ['AB12_1.jpg', 'AB12', 'main'],
  ['AB12-02.JPG', 'AB12', 'angle'],
  ['AB12 (3).png', 'AB12', 'angle'],
  ['AB12.MAIN.jpg', 'AB12', 'main'],
  ['AB12.PT03.jpg', 'AB12', 'angle'],
  ['gold_ring_front.jpeg', 'gold_ring', 'main'],
  ['gold ring - model2.jpg', 'gold ring', 'on-model'],
  ['R-7_lifestyle.webp', 'R-7', 'lifestyle'],
  ['R-7_size.webp', 'R-7', 'dimension'],
])('%s shows %s', (name, sku, slot) => {
  expect(readSkuName(name)).toEqual({ sku, slot })
})

it.each(['IMG.jpg', 'ring.jpg', 'DSC-golden.jpg', '_1.jpg', '41PN+bmyslL._UY395_.jpg'])('%s says nothing of the kind', (name) => {
  expect(readSkuName(name)).toBeNull()
})
