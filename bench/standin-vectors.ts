/** @file Real vectors to grow a library from: every test picture and caption through the stand-in model. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodePicture } from '../src/media/decode.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'

export const WIDTH = 256
const FOLDERS = ['captioned-photos/images', 'classified-photos', 'products', 'faces']
const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }

export interface RealVectors {
  /** of unit length, WIDTH wide */
  readonly images: Float32Array[]
  readonly captions: { text: string; vector: Float32Array }[]
}

export async function embedTestPictures(): Promise<RealVectors> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(dataPath(folder), { recursive: true, encoding: 'utf8' }).map((name) => join(dataPath(folder), name)),
  )
  const model = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using image = model.image()
  await using text = model.text()
  const images: Float32Array[] = []
  for (const path of files.filter((path) => /\.jpe?g$/i.test(path)).sort())
    images.push(await image.embedImage(await decodePicture(path, 'jpeg', LIMITS, new AbortController().signal)))
  const captions: RealVectors['captions'] = []
  for (const line of readFileSync(dataPath('captioned-photos/captions.tsv'), 'utf8').split('\n')) {
    const caption = line.split('\t')[1]
    if (caption) captions.push({ text: caption, vector: await text.embedText(caption) })
  }
  return { images, captions }
}
