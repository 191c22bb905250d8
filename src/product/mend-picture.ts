/** @file A new product picture made of another by mends that make nothing up; it is linked to what it was made of, and says as that one who made its pixels. */
import { createReadStream } from 'node:fs'
import type { z } from 'zod'
import type { MendRequest } from '../contract/products.ts'
import type { Db } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { keepProvenance } from '../media/keep-provenance.ts'
import { holdOriginal } from '../storage/bounds.ts'
import type { Pictures } from './pictures.ts'
import type { Probe } from './probe/client.ts'
import type { PictureRow } from './store-pictures.ts'
import { changePicture, readDetail } from './store-products.ts'
import type { TemporaryFile } from './temporary-file.ts'

export interface MendDeps {
  readonly db: Db
  readonly pictures: Pictures
  readonly probe: Pick<Probe, 'mend'>
  readonly locate: Ingest['locate']
  readonly openTemporary: (ending: string) => Promise<TemporaryFile>
}

/** @throws FototecaError `not_found`, `invalid` where a mend cannot be done (the product cannot be told from its background) */
export async function mendPicture(
  { db, pictures, probe, locate, openTemporary }: MendDeps,
  id: number,
  request: z.output<typeof MendRequest>,
): Promise<PictureRow> {
  const detail = await readDetail(db, id)
  if (!detail) throw new FototecaError('not_found', `there is no product picture ${id}`)
  const original = await locate(detail.card.id)
  const format = detail.facts.format
  if (!original || format === null) throw new FototecaError('not_found', `the file of product picture ${id} is not where it was`)
  await using copy = await openTemporary('.jpg')
  await original.withFile(async (file) => {
    await using held = await holdOriginal(file.path, file.bounds)
    await copy.write([Buffer.from(await probe.mend({ path: held.path, format, ...request }))])
    await keepProvenance(held.path, copy.path)
  })
  const staged = await pictures.stage(createReadStream(copy.path), `${detail.displayName.replace(/\.[A-Za-z0-9]{1,5}$/, '')} mended.jpg`)
  const taken = await pictures.take(staged, {
    website: detail.store,
    kind: detail.kind,
    checkDuplicate: false,
    topK: 1,
    origin: { id, madeBy: `mend: ${request.mends.join(', ')}` },
  })
  if (taken.end !== 'new') throw new FototecaError('internal', 'a mended picture was taken for a duplicate')
  // it takes the place of what it was made of; that one stays as another view
  if (detail.product)
    await db.transaction().execute(async (trx) => {
      await changePicture(trx, taken.picture.id, { product_id: detail.product?.id ?? null, slot: detail.slot })
      await changePicture(trx, id, { slot: null })
    })
  return taken.picture
}
