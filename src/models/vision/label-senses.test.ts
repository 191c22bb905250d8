import { describe, expect, it } from 'vitest'
import { findBroader } from '../../lexicon/broader.ts'
import { COCO_LABELS } from '../providers/builtin-vision/coco-labels.ts'
import { nameSenses } from './label-senses.ts'

const imageNet = (background: number) => {
  const labels = Array.from({ length: 1000 + background }, (_, index) => `class ${index}`)
  const names: Record<number, string> = {
    7: 'cock',
    21: 'kite',
    134: 'crane',
    242: 'boxer',
    264: 'Cardigan',
    323: 'monarch, monarch butterfly',
    348: 'ram',
    517: 'crane',
    673: 'mouse',
  }
  for (const [index, name] of Object.entries(names)) labels[Number(index) + background] = name
  return labels
}

describe('nameSenses', () => {
  it('COCO’s mouse is a device, its other labels stay', () => {
    const named = nameSenses(COCO_LABELS)
    expect(named[64]).toBe('computer mouse')
    expect(named.filter((label, index) => label !== COCO_LABELS[index])).toEqual(['computer mouse'])
    expect(findBroader('computer mouse')).not.toContain('animal')
  })

  it.each([0, 1])('ImageNet’s two cranes are two things (with %i classes before)', (background) => {
    const named = nameSenses(imageNet(background))
    expect([named[134 + background], named[517 + background]]).toEqual(['crane bird', 'construction crane'])
    expect(findBroader('crane bird')).toContain('animal')
    expect(findBroader('construction crane')).not.toContain('animal')
    for (const tag of ['rooster', 'kite bird', 'boxer dog', 'cardigan corgi', 'monarch butterfly', 'ram sheep']) {
      expect(named).toContain(tag)
      expect(findBroader(tag)).toContain('animal')
    }
  })

  it('a list that tells nothing is left as it is', () => {
    for (const labels of [['cat', 'dog', 'mouse'], ['mouse', 'laptop', 'keyboard', 'computer mouse'], ['crane'], []])
      expect(nameSenses(labels)).toEqual(labels)
  })
})
