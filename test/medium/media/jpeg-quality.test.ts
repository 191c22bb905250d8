import sharp from 'sharp'
import { expect, it } from 'vitest'
import { readJpegQuality } from '../../../src/domain/product/jpeg-quality.ts'

const noise = () =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })

it.each([30, 60, 75, 90, 95, 100])('says %i of a JPEG written with it', async (quality) => {
  const jpeg = await noise().withMetadata({ orientation: 6 }).jpeg({ quality }).toBuffer()
  expect(Math.abs((readJpegQuality(jpeg) ?? 0) - quality)).toBeLessThanOrEqual(1)
})

it('says nothing of what is none, or ends too early', async () => {
  const jpeg = await noise().jpeg().toBuffer()
  for (const bytes of [
    await noise().png().toBuffer(),
    jpeg.subarray(0, 10),
    jpeg.subarray(0, 60),
    Buffer.alloc(0),
    Buffer.from([0xff, 0xd8, 0xff, 0xff]),
  ])
    expect(readJpegQuality(bytes)).toBeNull()
})
