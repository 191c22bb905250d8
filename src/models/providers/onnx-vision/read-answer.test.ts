import { describe, expect, it } from 'vitest'
import { readDetr, readTags, readYolo } from './read-answer.ts'

const shape = { width: 100, height: 50 }
const rounded = (found: ReturnType<typeof readYolo>) =>
  found?.map(({ label, score, box }) => [
    label,
    Math.round(score * 100) / 100,
    ...[box.x, box.y, box.width, box.height].map((n) => Math.round(n * 100) / 100),
  ])

describe('tags', () => {
  it('logits are judged each for itself, softmax one against the others, sigmoid as it is; each by its own threshold', () => {
    const values = Float32Array.of(2, 0, -2)
    expect(readTags(values, 'logits', [0.5, 0.6, 0.1], 9).map(({ label }) => label)).toEqual([0, 2])
    expect(readTags(values, 'softmax', [0.5, 0.5, 0.5], 9)).toEqual([{ label: 0, score: expect.closeTo(0.867, 3) }])
    expect(readTags(Float32Array.of(0.2, 0.9, 0.5), 'sigmoid', [0.2, 0.2, 0.2], 2).map(({ label }) => label)).toEqual([1, 2])
  })
})

describe('yolo', () => {
  // two classes, three boxes: two over each other, one weak
  const columns = [
    [50, 25, 20, 10, 0.9, 0.1],
    [51, 25, 20, 10, 0.8, 0.1],
    [10, 10, 10, 10, 0.1, 0.3],
  ]
  const turned = Float32Array.from(columns.flat())
  const plain = Float32Array.from(Array.from({ length: 6 }, (_, field) => columns.map((box) => box[field]!)).flat())
  const expected = [[0, 0.9, 0.4, 0.4, 0.2, 0.2]]

  it('reads fields by rows or by columns, drops weak boxes and doubles', () => {
    expect(rounded(readYolo({ data: plain, dims: [1, 6, 3] }, [0.5, 0.5], shape, 0.45, 9))).toEqual(expected)
    expect(rounded(readYolo({ data: turned, dims: [1, 3, 6] }, [0.5, 0.5], shape, 0.45, 9))).toEqual(expected)
  })
  it('multiplies by how sure there is anything, where the network says that', () => {
    const data = Float32Array.from(columns.flatMap(([x, y, w, h, ...scores]) => [x!, y!, w!, h!, 0.5, ...scores]))
    expect(rounded(readYolo({ data, dims: [1, 3, 7] }, [0.3, 0.3], shape, 0.45, 9))).toEqual([[0, 0.45, 0.4, 0.4, 0.2, 0.2]])
  })
  it('says when the answer has another shape', () => {
    expect(readYolo({ data: plain, dims: [1, 6, 3] }, [0.5, 0.5, 0.5, 0.5], shape, 0.45, 9)).toBeNull()
  })
})

describe('detr', () => {
  const boxes = { data: Float32Array.of(0.5, 0.5, 0.2, 0.4, 0.1, 0.1, 0.2, 0.2), dims: [1, 2, 4] }
  it('reads “nothing” as one class more, or each class for itself', () => {
    const withNothing = { data: Float32Array.of(4, 0, 0, 0, 0, 4), dims: [1, 2, 3] }
    expect(rounded(readDetr(withNothing, boxes, [0.5, 0.5], 9))).toEqual([[0, 0.96, 0.4, 0.3, 0.2, 0.4]])
    const each = { data: Float32Array.of(4, -4, -4, 2), dims: [1, 2, 2] }
    expect(rounded(readDetr(each, boxes, [0.5, 0.5], 9))).toEqual([
      [0, 0.98, 0.4, 0.3, 0.2, 0.4],
      [1, 0.88, 0, 0, 0.2, 0.2],
    ])
  })
  it('says when the answers do not belong together', () => {
    expect(
      readDetr({ data: new Float32Array(6), dims: [1, 2, 3] }, { data: new Float32Array(12), dims: [1, 3, 4] }, [0.5, 0.5], 9),
    ).toBeNull()
  })
})
