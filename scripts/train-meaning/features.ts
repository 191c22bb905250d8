/** @file The features of pictures as the library itself reads them, kept in a file so that an interrupted run goes on where it was. */
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { decodePicture } from '../../src/media/decode.ts'
import type { Pixels } from '../../src/media/picture.ts'
import { sniffFormat } from '../../src/media/sniff.ts'
import { look } from '../../src/models/providers/builtin-vision/centernet.ts'
import { ensureNetworks, findFolders } from '../../src/models/providers/builtin-vision/convert/ensure-networks.ts'
import { PICTURE_FEATURES } from '../../src/models/providers/builtin-vision/features.ts'
import { lookAt } from '../../src/models/providers/builtin-vision/index.ts'
import { openNetwork } from '../../src/models/providers/builtin-vision/run-network.ts'
import { layInto } from '../../src/models/vision/letterbox.ts'

const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }
const SIZE = PICTURE_FEATURES.size
const TELL_EVERY = 500

/**
 * @param cache folder of the kept numbers
 * @param isMirrored left and right changed: another view of the same picture, to learn from
 * @returns by path; a picture that cannot be read is absent
 */
export async function readFeatures(paths: readonly string[], cache: string, isMirrored = false): Promise<Map<string, Float32Array>> {
  mkdirSync(cache, { recursive: true })
  const name = `${PICTURE_FEATURES.id.replaceAll(/\W/g, '-')}${isMirrored ? '-mirrored' : ''}`
  const [list, numbers] = [join(cache, `${name}.txt`), join(cache, `${name}.f32`)]
  const found = new Map<string, Float32Array>()
  if (existsSync(list)) {
    const bytes = readFileSync(numbers)
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4))
    for (const [row, path] of readFileSync(list, 'utf8').trimEnd().split('\n').entries())
      if ((row + 1) * SIZE <= values.length) found.set(path, values.subarray(row * SIZE, (row + 1) * SIZE))
    truncateSync(numbers, found.size * SIZE * 4)
  }
  const missing = paths.filter((path) => !found.has(path))
  if (missing.length === 0) return found
  const network = await openNetwork(await ensureNetworks(findFolders()), 'centernet')
  const file = openSync(numbers, 'a')
  for (const [done, path] of missing.entries()) {
    if (done % TELL_EVERY === 0) console.log(`features: ${done} of ${missing.length}`)
    const sniffed = await sniffFormat(path)
    if ('refused' in sniffed) continue
    const picture = await decodePicture(path, sniffed.format, LIMITS, new AbortController().signal)
    const { pixels, shape } = await lookAt(picture, PICTURE_FEATURES.shapes)
    const laid = layInto(isMirrored ? mirror(pixels) : pixels, shape)
    const { features } = await look(network, { pixels: laid, ...shape }, 1, pixels)
    writeSync(file, new Uint8Array(features.buffer))
    appendFileSync(list, `${path}\n`)
    found.set(path, features)
  }
  closeSync(file)
  return found
}

function mirror({ width, height, data }: Pixels): Pixels {
  const turned = new Uint8Array(data.length)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [from, to] = [(row * width + column) * 3, (row * width + width - 1 - column) * 3]
      turned.set(data.subarray(from, from + 3), to)
    }
  return { width, height, channels: 3, data: turned }
}
