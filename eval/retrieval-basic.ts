/** @file The pictures that retrieval is measured on, in the built-in text–image space. */
import { existsSync } from 'node:fs'
import type { Db } from '../src/db/client.ts'
import { ensureSpace } from '../src/db/vector.ts'
import { decodePicture } from '../src/media/decode.ts'
import { sniffFormat } from '../src/media/sniff.ts'
import type { TextEmbedder } from '../src/models/ports/capability.ts'
import { openBasicMeaning } from '../src/models/providers/builtin-meaning/index.ts'
import { createVisionModels } from '../src/models/providers/builtin-vision/index.ts'
import { replaceEmbedding } from '../src/pipeline/steps/embedding/store.ts'
import { dataPath } from '../test/support/shared.ts'

const FOLDERS = ['captioned-photos/images', 'labelled-photos/images', 'classified-photos', 'receipts'] as const
const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }

/** Embeds the photos that have no vector there yet. */
export async function fillBasic(db: Db): Promise<{ readonly id: number; readonly name: string; readonly text: TextEmbedder }> {
  const model = await openBasicMeaning()
  const vision = createVisionModels({}, true)
  const image = model.image(vision.features)
  const id = await ensureSpace(db, model.space, model.info.id)
  const photos = await db
    .selectFrom('photos')
    .select(['id', 'filename'])
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('embeddings').select('space_id').whereRef('photo_id', '=', 'photos.id').where('space_id', '=', id))),
    )
    .execute()
  for (const photo of photos) {
    const path = FOLDERS.map((folder) => dataPath(folder, photo.filename)).find((one) => existsSync(one))
    const sniffed = path === undefined ? { refused: 'there is no such file' } : await sniffFormat(path)
    if (path === undefined || 'refused' in sniffed) continue
    const picture = await decodePicture(path, sniffed.format, LIMITS, new AbortController().signal)
    const vector = await image.embedImage(picture)
    await db.transaction().execute((trx) => replaceEmbedding(trx, photo.id, { space: model.space, vector }, model.info.id))
  }
  for (const one of [image, vision.objects, vision.faces]) await one[Symbol.asyncDispose]()
  return { id, name: model.space.name, text: model.text() }
}
