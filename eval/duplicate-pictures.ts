/** @file The pictures of the evaluation of duplicates: real ones and their copies, with hashes, quality and vectors in two spaces. */
import { drawOutline, type Outline } from '../src/domain/likeness/find-part.ts'
import { describeLook, LOOK_SIDE } from '../src/domain/likeness/look.ts'
import { hashPicture } from '../src/media/hash-picture.ts'
import type { Picture } from '../src/media/picture.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { openPicture } from '../test/support/media.ts'
import { modelPath } from '../test/support/shared.ts'
import { EDITED, listPictures, makeCopies, REWORKED, SAME, SHOTS, TURNED } from './picture-edits.ts'

export type Truth = 'original' | 'same-picture' | 'edited' | 'mirrored' | 'similar' | 'burst'

export interface Seen {
  /** number of the picture it was made of */
  readonly source: number
  /** folder of the test data; products by their kind */
  readonly folder: string
  readonly edit: string
  readonly truth: Truth
  readonly quality: number
  /** [8 × 32] bytes */
  readonly dihedral: Uint8Array
  readonly look: Float32Array
  readonly outline: Outline
  readonly model: Float32Array
}

const TRUTHS = { 'same-picture': SAME, edited: EDITED, mirrored: TURNED, similar: REWORKED, burst: SHOTS } as const
/** Of so many pictures of each folder copies are made, spread over it. */
const COPIED = { 'labelled-photos/images': 12, 'classified-photos': 10, 'captioned-photos/images': 12, receipts: 6, faces: 6, products: 14 }

/** @returns the pictures, and the name of the model’s space */
export async function seePictures(): Promise<{ pictures: Seen[]; space: string }> {
  const embedder = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using image = embedder.image()
  const pictures: Seen[] = []
  let source = 0
  for (const [folder, copied] of Object.entries(COPIED)) {
    const files = listPictures(...folder.split('/'))
    const every = Math.max(1, Math.floor(files.length / copied))
    for (const [index, file] of files.entries()) {
      source++
      const see = async (picture: Picture, edit: string, truth: Truth) => {
        const { dihedral, quality } = await hashPicture(picture)
        const { data } = await picture.exact(LOOK_SIDE, LOOK_SIDE, 'squash')
        const [look, outline] = [describeLook(data), { luma: drawOutline(data, LOOK_SIDE), aspect: picture.width / picture.height }]
        const kind = folder === 'products' ? `products/${file.split('/').at(-2)}` : folder
        pictures.push({ source, folder: kind, edit, truth, quality, dihedral, look, outline, model: await image.embedImage(picture) })
      }
      await see(await openPicture(file), 'as it is', 'original')
      if (index % every !== 0 || index / every >= copied) continue
      for (const [truth, edits] of Object.entries(TRUTHS))
        for await (const { edit, picture } of makeCopies(file, edits)) await see(picture, edit, truth as Truth)
    }
  }
  return { pictures, space: embedder.space.name }
}
