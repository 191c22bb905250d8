/** @file Builders of a small library for tests: photos with the facts a test names, everything else plain. */
import { createHash } from 'node:crypto'
import type { Insertable } from 'kysely'
import type { Db } from '../../src/db/client.ts'
import type { Database } from '../../src/db/tables.ts'
import { refreshSearchDocuments } from '../../src/document/store.ts'

export interface PhotoOptions {
  readonly filename?: string
  /** `YYYY-MM-DD` */
  readonly day?: string
  readonly width?: number
  readonly height?: number
  readonly tags?: readonly string[]
  readonly text?: string
  readonly people?: readonly string[]
  readonly metadata?: Partial<Insertable<Database['photo_metadata']>>
  /** 8 × 32 bytes, or 32 for a hash whose turns match nothing */
  readonly hash?: Uint8Array
  readonly quality?: number
  readonly bytes?: number
  readonly format?: Database['photos']['format']
  readonly colours?: readonly string[]
  readonly state?: Database['photos']['state']['__select__']
}

let made = 0

/** Makes a photo with its facts and its search document. @returns its id */
export async function addPhoto(db: Db, options: PhotoOptions = {}): Promise<number> {
  made += 1
  const day = options.day ?? '2024-03-15'
  return db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('photos')
      .values({
        sha256: createHash('sha256').update(`${made}`).digest('hex'),
        bytes: options.bytes ?? 1000,
        format: options.format ?? 'jpeg',
        filename: options.filename ?? `photo-${made}.jpg`,
        state: options.state ?? 'completed',
        width: options.width ?? 4000,
        height: options.height ?? 3000,
        sort_at: `${day}T12:00:00Z`,
        day,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const tag of options.tags ?? [])
      await trx.insertInto('photo_tags').values({ photo_id: id, tag, said_by: 'test', confidence: 0.9 }).execute()
    if (options.text !== undefined)
      await trx.insertInto('ocr_texts').values({ photo_id: id, text: options.text, lines: '[]', model_id: 'test' }).execute()
    if (options.metadata)
      await trx
        .insertInto('photo_metadata')
        .values({ face_regions: '[]', raw: '{}', ...options.metadata, photo_id: id })
        .execute()
    for (const name of options.people ?? []) {
      const person = await trx
        .insertInto('people')
        .values({ name })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ name }))
        .returning('id')
        .executeTakeFirstOrThrow()
      await trx
        .insertInto('faces')
        .values({
          photo_id: id,
          x: 0.1,
          y: 0.1,
          width: 0.2,
          height: 0.2,
          landmarks: '[]',
          confidence: 0.9,
          quality: 0.8,
          vector: '[1,0]',
          model_id: 'test',
          person_id: person.id,
        })
        .execute()
    }
    for (const [position, name] of (options.colours ?? []).entries())
      await trx.insertInto('photo_colours').values({ photo_id: id, position, name, hex: '#000000', share: 0.2 }).execute()
    if (options.hash) await addHash(trx, id, options.hash, options.quality)
    await refreshSearchDocuments(trx, [id])
    return id
  })
}

/** Stores a hash; 32 bytes are taken as a picture whose turned hashes are far from everything. */
export async function addHash(db: Db, photoId: number, hash: Uint8Array, quality = 100): Promise<void> {
  let dihedral = hash
  if (hash.length === 32) {
    dihedral = new Uint8Array(256)
    dihedral.set(hash)
    for (let turn = 1; turn < 8; turn++)
      dihedral.set(
        createHash('sha256')
          .update(`${Buffer.from(hash).toString('hex')}/${turn}`)
          .digest(),
        turn * 32,
      )
  }
  const row = { pdq: dihedral.slice(0, 32), dihedral, quality }
  await db
    .insertInto('photo_hashes')
    .values({ photo_id: photoId, ...row })
    .onConflict((conflict) => conflict.column('photo_id').doUpdateSet(row))
    .execute()
}
