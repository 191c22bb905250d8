/** @file A folder of 12-megapixel JPEGs made from real pictures: four of five are photos, one of five a page of text. Kept between runs. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { dataPath } from '../test/support/shared.ts'

const WIDTH = 4000
const HEIGHT = 3000

/** @returns the folder; each picture is another crop of its original, so that no two are the same bytes or the same picture */
export async function ensureTwelveMegapixels(count: number): Promise<string> {
  const dir = join(tmpdir(), `fototeca-bench-12mp-${count}`)
  if (existsSync(dir)) return dir
  const making = `${dir}.making`
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { recursive: true })
  const list = async (folder: string) =>
    (await readdir(dataPath(folder))).filter((name) => /\.jpe?g$/i.test(name)).map((name) => dataPath(folder, name))
  const photos = [...(await list('labelled-photos/images')), ...(await list('faces'))]
  const pages = await list('receipts')
  for (let index = 0; index < count; index++) {
    const isPage = index % 5 === 4
    const from = isPage ? pages : photos
    const source = from[Math.floor(isPage ? index / 5 : index) % from.length]
    if (!source) throw new Error('no test pictures')
    await enlarge(source, Math.floor(index / from.length), isPage, join(making, `picture-${String(index).padStart(5, '0')}.jpg`))
  }
  await rename(making, dir)
  return dir
}

/** `turn` chooses another crop (and mirrors every second one) of the same original. */
async function enlarge(source: string, turn: number, isPage: boolean, target: string): Promise<void> {
  const { width, height } = await sharp(source).metadata()
  // pages keep their whole text; photos lose up to a third at one side
  const keep = isPage ? 1 - (turn % 4) * 0.01 : 1 - (turn % 7) * 0.05
  const [w, h] = [Math.floor(width * keep), Math.floor(height * keep)]
  const portrait = height > width
  const image = sharp(source)
    .extract({ left: turn % 2 ? width - w : 0, top: turn % 3 ? height - h : 0, width: w, height: h })
    .resize(portrait ? HEIGHT : WIDTH, portrait ? WIDTH : HEIGHT, { fit: isPage ? 'contain' : 'cover', background: '#fff' })
  await (turn % 2 && !isPage ? image.flop() : image).jpeg({ quality: 88 }).toFile(target)
}
