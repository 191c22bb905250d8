import { describe, expect, it } from 'vitest'
import { fuseObjects } from './fuse-objects.ts'

const at = (x: number, y = 0.1) => ({ x, y, width: 0.2, height: 0.2 })

describe('fuseObjects', () => {
  it('averages what two looks say of the same thing and keeps the better box', () => {
    const fused = fuseObjects(
      [
        { label: 3, score: 0.4, box: at(0.11), look: 1 },
        { label: 3, score: 0.6, box: at(0.1), look: 0 },
      ],
      2,
      0.5,
    )
    expect(fused).toEqual([{ label: 3, score: 0.5, box: at(0.1) }])
  })

  it('counts a look that saw nothing as zero, and gives a class the mean of its best sightings once', () => {
    const fused = fuseObjects(
      [
        { label: 3, score: 0.6, box: at(0.1), look: 0 },
        { label: 3, score: 0.4, box: at(0.7), look: 1 },
      ],
      2,
      0.5,
    )
    expect(fused.map(({ score, box }) => [score, box.x])).toEqual([
      [0.5, 0.1],
      [0.2, 0.7],
    ])
  })

  it('drops overlapping peaks of one class and keeps those of another', () => {
    const fused = fuseObjects(
      [
        { label: 1, score: 0.9, box: at(0.1), look: 0 },
        { label: 1, score: 0.8, box: at(0.12), look: 0 },
        { label: 2, score: 0.7, box: at(0.1), look: 0 },
      ],
      1,
      0.5,
    )
    expect(fused.map(({ label, score }) => [label, score])).toEqual([
      [1, 0.9],
      [2, 0.7],
    ])
  })
})
