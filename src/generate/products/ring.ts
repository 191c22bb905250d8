/** @file Rings: which pictures are made of them, and on which stages; smaller than other jewelry where a hand is beside them. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Rings',
  goods: 'jewelry',
  defaultTypes: [1, 2, 4, 5],
  scenes: {
    'hand-holding': { stage: 'Thumb and forefinger of a female hand held apart as if presenting something small', fill: 0.28 },
    'lifestyle-nature': { stage: 'A smooth dark pebble with dew among moss', fill: 0.36 },
    'model-wearing': {
      stage: 'A woman’s two bare hands, one resting on the other on a light linen cloth, no rings',
      fill: 0.16,
      middle: { x: 0.5, y: 0.5 },
    },
  },
} satisfies ProductKind
