import { describe, expect, it } from 'vitest'
import { findAnimal } from './find-animal.ts'

const face = { x: 0.4, y: 0.4, width: 0.1, height: 0.1 }
const dog = { label: 'dog', box: { x: 0.35, y: 0.35, width: 0.3, height: 0.3 } }
const around = { label: 'person', box: { x: 0.1, y: 0.1, width: 0.8, height: 0.8 } }
const rider = { label: 'person', box: { x: 0.38, y: 0.35, width: 0.15, height: 0.3 } }
const horse = { label: 'horse', box: { x: 0.1, y: 0.3, width: 0.8, height: 0.6 } }
const couch = { label: 'couch', box: { x: 0.39, y: 0.39, width: 0.12, height: 0.12 } }

describe('findAnimal', () => {
  it('says nothing where nothing is known', () => expect(findAnimal(face, [couch])).toBeNull())
  it('gives a dog on a lap the dog', () => expect(findAnimal(face, [around, dog, couch])).toBe('dog'))
  it('gives a rider no horse', () => expect(findAnimal(face, [horse, rider])).toBeNull())
  it('leaves alone a face that only touches the animal', () => expect(findAnimal({ ...face, x: 0.29 }, [dog])).toBeNull())
})
