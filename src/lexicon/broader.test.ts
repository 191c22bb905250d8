/** @file Broader terms: what people would search by is there, in the sense of pictures, and nothing that says nothing. */
import { describe, expect, test, vi } from 'vitest'
import { findBroader, widenNoun } from './broader.ts'
import { MEANT_WORDS } from './senses.ts'
import { readStartingTags } from './starting-tags.ts'

describe('broader terms', () => {
  test.each([
    ['dog', 'animal'],
    ['Labrador retriever', 'dog'],
    ['house finch', 'bird'],
    ['car', 'vehicle'],
    ['banana', 'edible fruit'],
    ['skis', 'runner'],
    ['denim jacket', 'garment'],
    ['potted plant', 'plant'],
    ['spaniels', 'animal'],
    ['orange', 'edible fruit'],
    ['chef', 'person'],
    ['laptop', 'computer'],
    ['kite', 'plaything'],
    ['hot dog', 'food'],
  ])('%s is a kind of %s', (tag, broader) => {
    expect(findBroader(tag)).toContain(broader)
  })

  test('the nearest comes first, the tag itself and empty words do not come', () => {
    const dog = findBroader('dog')
    expect(dog.indexOf('canine')).toBeLessThan(dog.indexOf('mammal'))
    for (const empty of ['dog', 'entity', 'object', 'artifact', 'group']) expect(dog).not.toContain(empty)
    expect(findBroader('dog').every((term, index, all) => all.indexOf(term) === index)).toBe(true)
  })

  test('words that may be this or that say nothing; words of which pictures show one sense have that one', () => {
    for (const open of ['mouse', 'crane', 'seal', 'bats', 'chicken', 'ram', 'drone']) expect(findBroader(open)).toEqual([])
    expect(findBroader('tower crane')).toEqual(['crane'])
    for (const animal of ['tiger', 'whale', 'turtles', 'leopard', 'otter', 'dolphin', 'sea turtle'])
      expect(findBroader(animal)).toContain('animal')
    expect(findBroader('dolphin')).not.toContain('fish')
    for (const thing of ['stuffed animal', 'rubber duck', 'saw horse', 'computer mouse', 'toaster'])
      expect(findBroader(thing)).not.toContain('animal')
    expect(widenNoun('crane')).toEqual({ synonyms: [], broader: [] })
    expect(widenNoun('tiger').broader).not.toContain('person')
    for (const meant of MEANT_WORDS.values()) expect(findBroader(meant)).not.toEqual([])
  })

  test('a word for a colour is a kind of nothing; as tags, fruits are fruits', () => {
    for (const colour of ['white', 'red', 'grey', 'gray', 'blue', 'teal', 'navy', 'cream', 'whites'])
      expect(findBroader(colour)).toEqual([])
    for (const colour of ['white', 'silver', 'orange', 'peach', 'teal']) expect(widenNoun(colour)).toEqual({ synonyms: [], broader: [] })
    expect(findBroader('olive')).toContain('food')
    expect(widenNoun('oranges').broader).toContain('citrus')
  })

  test('words it does not know and words that are mostly verbs stand for themselves', () => {
    expect(findBroader('zorgblatt')).toEqual([])
    expect(findBroader('throw')).toEqual([])
    expect(findBroader('')).toEqual([])
  })

  test('most of the starting list has something above it', () => {
    const tags = readStartingTags()
    expect(tags).toHaveLength(4585)
    expect(new Set(tags).size).toBe(4585)
    const known = tags.filter((tag) => findBroader(tag).length > 0).length
    expect(known / tags.length).toBeGreaterThan(0.8)
  })

  test('read in turns it is the same', async () => {
    const words = readStartingTags().slice(0, 500)
    const atOnce = words.map((word) => findBroader(word))
    vi.resetModules()
    const again = await import('./broader.ts')
    await again.prepareLexicon()
    expect(words.map((word) => again.findBroader(word))).toEqual(atOnce)
  })
})
