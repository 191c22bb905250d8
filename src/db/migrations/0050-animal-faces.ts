/** @file Faces of animals are kept apart from people: which animal a face belongs to, told by the boxes around it. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'alter table faces add column animal text',
  // as `pipeline/steps/faces/find-animal.ts` tells it: the smallest box of a person or an animal that holds four fifths of the face
  `update faces f set animal = found.label, is_placed = true,
     person_id = case when f.named_by = 'cluster' then null else f.person_id end,
     named_by = case when f.named_by = 'cluster' then null else f.named_by end
   from (
     select f.id, (
       select o.label from detected_objects o
       where o.photo_id = f.photo_id and o.label in ('person', 'bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe')
         and greatest(0, least(f.x + f.width, o.x + o.width) - greatest(f.x, o.x))
           * greatest(0, least(f.y + f.height, o.y + o.height) - greatest(f.y, o.y)) >= 0.8 * f.width * f.height
       order by o.width * o.height limit 1) as label
     from faces f) found
   where found.id = f.id and found.label <> 'person' and f.named_by is distinct from 'person' and f.named_by is distinct from 'file'`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
