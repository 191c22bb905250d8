/** @file Messages: typed where they are made, written as sentences, and never an error where a row holds what this version does not know. */
import { expect, it } from 'vitest'
import { message, render, textMessage } from './message.ts'

it('writes counts, sizes, and a message within another', () => {
  expect(render(message('file.over-limit', { bytes: 1_234_567, limit: 999 }))).toBe(
    'The file has 1.23 MB; the maximum upload size is 999 bytes (FOTOTECA_MAX_BYTES)',
  )
  const cause = message('analysis.timed-out', { step: 'ocr', seconds: 1200 })
  expect(render(message('step.crashed', { cause, times: 1 }))).toBe('ocr took longer than 1,200 s; gave up after 1 attempt')
  expect(render(message('step.crashed', { cause: textMessage('It ended'), times: 2 }))).toBe('It ended; gave up after 2 attempts')
})

it('takes what stands for different numbers as it is', () => {
  const group = { code: 'file.over-limit', params: { bytes: '…', limit: 1000 } }
  expect(render(group)).toBe('The file has …; the maximum upload size is 1 kB (FOTOTECA_MAX_BYTES)')
})

it('tells what a newer version stored by its code and parameters', () => {
  expect(render({ code: 'step.from-the-future', params: { step: 'ocr' } })).toBe('step.from-the-future ocr')
  expect(render({ code: 'toString', params: {} })).toBe('toString')
  expect(render(null)).toBeNull()
})

it('fails the type check for a misspelt code or parameter', () => {
  // @ts-expect-error no such code
  message('step.blokced', { step: 'prepare' })
  // @ts-expect-error no such step
  message('step.blocked', { step: 'prepared' })
  // @ts-expect-error a parameter is missing
  message('step.blocked')
  // @ts-expect-error a parameter too many
  message('ocr.too-small', { step: 'ocr' })
})
