/** @file Which encoding a client gets. */
import { expect, it } from 'vitest'
import { pickEncoding } from './compression.ts'

it('takes brotli before gzip, and neither unasked', () => {
  expect(pickEncoding('gzip, deflate, br, zstd')).toBe('br')
  expect(pickEncoding('gzip;q=1.0, br;q=0')).toBe('gzip')
  expect(pickEncoding('*')).toBe('br')
  expect(pickEncoding('*, br;q=0')).toBe('gzip')
  for (const none of [undefined, '', 'identity', 'br;q=0.0, gzip;q=0', 'zstd']) expect(pickEncoding(none)).toBeUndefined()
})
