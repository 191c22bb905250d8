/** @file What models said of product pictures as products (table `product_answers`), one answer a picture. */
import { sql } from 'kysely'
import type { DbOrTrx, Trx } from '../db/client.ts'
import type { ProductWords } from '../domain/description.ts'
import type { DescribeResult } from '../models/ports/describer.ts'

export async function saveAnswer(
  trx: Trx,
  pictureId: number,
  kind: string,
  saidBy: string,
  { product, models, promptVersion }: Pick<DescribeResult, 'models' | 'promptVersion'> & { readonly product: ProductWords },
): Promise<void> {
  const { name, description, attributes, colour, prompt, grade } = product
  const said = {
    ...{ kind, name, description, attributes: [...attributes], colour, prompt, grade },
    ...{ said_by: saidBy, models: [...models], prompt_version: promptVersion },
  }
  await trx
    .insertInto('product_answers')
    .values({ picture_id: pictureId, ...said })
    .onConflict((conflict) => conflict.column('picture_id').doUpdateSet({ ...said, created_at: new Date() }))
    .execute()
}

/** The same photo as the same kind of product in another store: a model is not paid twice for it. @returns whether there was an answer */
export async function copyAnswer(db: DbOrTrx, pictureId: number): Promise<boolean> {
  const { rows } = await sql`
    insert into product_answers (picture_id, kind, name, description, attributes, colour, prompt, grade, said_by, models, prompt_version, created_at)
    select mine.id, a.kind, a.name, a.description, a.attributes, a.colour, a.prompt, a.grade, a.said_by, a.models, a.prompt_version, a.created_at
    from product_pictures mine
      join product_pictures other on other.photo_id = mine.photo_id and other.id <> mine.id
      join product_answers a on a.picture_id = other.id and lower(a.kind) = lower(mine.kind)
    where mine.id = ${pictureId}
    order by a.created_at desc limit 1
    on conflict do nothing
    returning picture_id`.execute(db)
  return rows.length > 0
}
