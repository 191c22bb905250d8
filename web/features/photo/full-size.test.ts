/** @file When the original is shown instead of the preview. */
import { expect, it } from 'vitest'
import { exceedsPreview, findFullSize, isUpright } from './full-size.ts'

const photo = { width: 4000, height: 3000, format: 'jpeg', bytes: 4_000_000, missing: false } as const

it('takes the original where it has more pixels and a browser can show it, and says why where not', () => {
  expect(findFullSize(photo)).toEqual({ kind: 'original' })
  expect(findFullSize({ ...photo, width: 1440, height: 1080 })).toEqual({ kind: 'preview' })
  expect(findFullSize({ ...photo, format: 'heic' })).toMatchObject({ kind: 'unshown', why: 'browsers do not show HEIC' })
  expect(findFullSize({ ...photo, width: 20_000, height: 20_000 }).kind).toBe('unshown')
  expect(findFullSize({ ...photo, missing: true }).kind).toBe('unshown')
})

it('asks for it only when the preview would be enlarged', () => {
  expect(exceedsPreview(photo, 1440)).toBe(false)
  expect(exceedsPreview(photo, 2000)).toBe(true)
  expect(exceedsPreview({ width: 3000, height: 4000 }, 1300)).toBe(true)
})

it('leaves a picture that lies on its side', () => {
  expect(isUpright(photo, { width: 4000, height: 3000 })).toBe(true)
  expect(isUpright(photo, { width: 3000, height: 4000 })).toBe(false)
})
