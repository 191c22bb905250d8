import { describe, expect, it } from 'vitest'
import { type AskedWord, TagNames } from './tag-names.ts'

const TAGS = ['dog', 'hot dog', 'laptop', 'person', 'baseball glove', 'animal', 'horseshoe']
const names = new TagNames()
for (const [value, tag] of TAGS.entries()) names.addTag(value, tag)
names.addCategory(TAGS.length, 'animals')
const stems = new Map([
  ['dogs', 'dog'],
  ['dog', 'dog'],
  ['personal', 'person'],
  ['person', 'person'],
  ['animals', 'anim'],
  ['animal', 'anim'],
])

const word = (text: string, more: Partial<AskedWord> = {}): AskedWord => ({ word: text, isPrefix: false, isQuoted: false, ...more })
/** What the words say of each tag, by name. */
const say = (...run: AskedWord[]) =>
  names.match(run, stems).map((own) => Object.fromEntries([...own].map(([value, worth]) => [TAGS[value] ?? 'category', worth])))

describe('what a typed word says of a tag', () => {
  it('all where it is the tag, less where it is a word of it', () => {
    const [own = {}] = say(word('dog'))
    expect(own).toMatchObject({ dog: 1, 'hot dog': 0.7 })
    expect(own.laptop).toBeUndefined()
  })

  it('less where it is what the tag is a kind of, least where it is a word of that in another form', () => {
    const [animal = {}] = say(word('animal'))
    expect(animal).toMatchObject({ animal: 1, dog: 0.9 })
    expect(animal.category).toBeLessThan(0.5)
    const [person = {}] = say(word('person'))
    expect(person.person).toBe(1)
    expect(person.laptop ?? 0).toBeLessThan(0.15)
    expect(say(word('person', { isQuoted: true }))[0]?.laptop).toBeUndefined()
  })

  it('nearly all in the plural, little of a beginning', () => {
    expect(say(word('dogs'))[0]?.dog).toBe(0.95)
    expect(say(word('horse'))[0]?.horseshoe).toBeUndefined()
    expect(say(word('horse', { isPrefix: true }))[0]?.horseshoe).toBe(0.4)
  })

  it('all where several words are the tag together', () => {
    expect(say(word('hot'), word('dog')).map((own) => own['hot dog'])).toEqual([1, 1])
    expect(say(word('old'), word('baseball'), word('gloves')).map((own) => own['baseball glove'])).toEqual([undefined, 1, 1])
  })
})
