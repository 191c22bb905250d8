import { expect, it } from 'vitest'
import { escapeControls, escapeControlsInJson, escapeControlsInLines } from './escape-controls.ts'

it('shows what would act, and leaves every name that only shows', () => {
  expect(escapeControls('a\u202egpj.exe')).toBe('a\\u{202e}gpj.exe')
  expect(escapeControls('a\nb\r\tc\u001b[2Jd\u009b1me\u2066')).toBe('a\\nb\\r\\tc\\u{1b}[2Jd\\u{9b}1me\\u{2066}')
  for (const name of ['日本語 Ω≈ç√ 👩‍👩‍👧.jpg', 'שלום.jpg', 'a\\b.jpg']) expect(escapeControls(name)).toBe(name)
  expect(escapeControlsInLines('a\n\u001bb')).toBe('a\n\\u{1b}b')
})

it('keeps the value of JSON', () => {
  const value = { filename: 'a\n\u001b\u009b\u202e日' }
  const written = escapeControlsInJson(JSON.stringify(value))
  expect(written).toBe('{"filename":"a\\n\\u001b\\u009b\\u202e日"}')
  expect(JSON.parse(written)).toEqual(value)
})
