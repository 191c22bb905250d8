import { expect, it } from 'vitest'
import { LOOK_SPACE } from '../../domain/likeness/look.ts'
import { findPictureCutOff, findTextCutOff } from './cut-offs.ts'

it('knows a measured model by its weights, whatever it is called; any other has no cut-off', () => {
  expect(findTextCutOff('onnx/semantic-standin@4ff14b54/256')).toBeCloseTo(0.891)
  expect(findTextCutOff('onnx/mine@4ff14b54/256')).toBeCloseTo(0.891)
  for (const space of ['onnx/semantic-standin@00000000/256', 'builtin/look@1/336', 'm', 'onnx/4ff14b54@1/256'])
    expect(findTextCutOff(space)).toBeNull()
})

it('how near similar pictures are is known for the built-in spaces too', () => {
  expect(findPictureCutOff(LOOK_SPACE)).toBeCloseTo(0.289)
  expect(findPictureCutOff('onnx/mine@4ff14b54/256')).toBeCloseTo(0.551)
  expect(findPictureCutOff('onnx/mine@00000000/256')).toBeNull()
})
