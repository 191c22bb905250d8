/** @file People without a name, what persons say of faces, what they are asked, and their changes in the history of edits. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // A person may be without a name: a cluster of faces nobody has named yet. One that was merged stays as the way to the other.
  'alter table people alter column name drop not null',
  `alter table people
    add column is_hidden boolean not null default false,
    add column is_kept boolean not null default false,
    add column merged_into integer references people (id) on delete set null,
    add column cover_face_id integer references faces (id) on delete set null`,
  'create index people_by_cover on people (cover_face_id) where cover_face_id is not null',
  'create index people_by_merge on people (merged_into) where merged_into is not null',
  'update people set is_kept = true',

  // `named_by`: `file`, `person` or `cluster`. `is_placed`: the clustering has looked at this vector.
  'alter table faces add column is_placed boolean not null default false',
  'create index faces_to_place on faces (model_id) where not is_placed',
  'create index faces_by_model on faces (model_id, id)',

  // A person said: this face is not that person, these two are not the same.
  `create table face_rejections (
    face_id integer not null references faces (id) on delete cascade,
    person_id integer not null references people (id) on delete cascade,
    primary key (face_id, person_id)
  )`,
  'create index face_rejections_by_person on face_rejections (person_id)',
  `create table people_apart (
    person_id_1 integer not null references people (id) on delete cascade,
    person_id_2 integer not null references people (id) on delete cascade,
    primary key (person_id_1, person_id_2),
    check (person_id_1 < person_id_2)
  )`,
  'create index people_apart_by_second on people_apart (person_id_2)',

  // “Is this …?”: a face, or all faces of a person without a name, beside a person they may be.
  `create table people_questions (
    id integer generated always as identity primary key,
    face_id integer references faces (id) on delete cascade,
    other_id integer references people (id) on delete cascade,
    person_id integer not null references people (id) on delete cascade,
    distance real not null,
    usefulness real not null,
    skipped_at timestamptz,
    check ((face_id is null) <> (other_id is null)),
    unique nulls not distinct (face_id, other_id, person_id)
  )`,
  'create index people_questions_by_other on people_questions (other_id) where other_id is not null',
  'create index people_questions_by_person on people_questions (person_id)',

  // One history for all changes by persons: `area` says who knows how to undo one.
  `alter table edits add column area text not null default 'photos'`,
  `create table people_changes (
    edit_id integer not null references edits (id) on delete cascade,
    position integer not null,
    change jsonb not null,
    primary key (edit_id, position)
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
