/** @file People: who is in the photos, what a person says of them and their faces, and what they are asked. */
import { z } from 'zod'
import { EditReport } from './edits.ts'
import { BoxSchema, Id, PhotoCard } from './photo.ts'

const Count = z.number().int()
export const PersonName = z.string().trim().min(1).max(100)

export const PersonReport = z.object({
  id: Count,
  name: z.string().nullable().describe('null: an unnamed group of faces'),
  count: Count.describe('number of photos'),
  faces: Count,
  is_hidden: z.boolean(),
  cover_face_id: Count.nullable().describe('cover face: the chosen one, otherwise the best'),
})
export type PersonReport = z.infer<typeof PersonReport>

export const PeopleQuery = z.object({
  show: z.enum(['named', 'unnamed', 'hidden']).default('named'),
  min_faces: z.coerce.number().int().min(1).max(1000).default(3).describe('minimum number of faces, for people without a name'),
  skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0).describe('number of entries to skip'),
  limit: z.coerce.number().int().min(1).max(5000).default(1000).describe('maximum number of entries'),
})
export type PeopleQuery = z.output<typeof PeopleQuery>

export const PeopleAnswer = z.object({
  people: z.array(PersonReport).describe('most photos first'),
  total: Count.describe('total number, over all pages'),
})
export type PeopleAnswer = z.infer<typeof PeopleAnswer>

export const PersonFace = z.object({
  id: Count,
  photo: PhotoCard,
  box: BoxSchema,
  quality: z.number(),
  named_by: z.enum(['file', 'person', 'cluster']).nullable().describe('who assigned it; `cluster`: assigned by similarity'),
})
export type PersonFace = z.infer<typeof PersonFace>

const Faces = z.array(Id).min(1).max(10_000)
const Target = z
  .union([z.object({ person: Id }), z.object({ name: PersonName }), z.object({ new: z.literal(true) })])
  .describe('a person by id, by name (created if there is none), or a new one without a name')

/** What a person says stands over files and clustering, now and after every later run. Each action is one change of the history. */
export const PeopleAction = z.discriminatedUnion('do', [
  z
    .object({
      do: z.literal('name'),
      person: Id,
      name: PersonName.nullable(),
      was: z.string().nullable().optional().describe('name you last read; 409 if it changed since'),
    })
    .describe('set the name; 409 with the code `conflict` if another person has it: merge the two instead'),
  z
    .object({ do: z.literal('merge'), person: Id, into: Id })
    .describe('move all faces of one person to the other; repeating it changes nothing'),
  z
    .object({
      do: z.literal('move'),
      faces: Faces,
      to: Target,
      from: Id.optional().describe('only move faces that still belong to this person'),
    })
    .describe('assign these faces to a person; also splits a person'),
  z.object({ do: z.literal('reject'), faces: Faces, person: Id }).describe('these faces are not of this person'),
  z.object({ do: z.literal('hide'), person: Id, hidden: z.boolean() }),
  z.object({ do: z.literal('cover'), person: Id, face: Id }),
  z.object({ do: z.literal('apart'), person: Id, other: Id }).describe('these two are different people'),
])
export type PeopleAction = z.output<typeof PeopleAction>

export const PeopleActionReport = z.object({
  edit: EditReport.nullable().describe('null: nothing changed; `conflicts`: faces left alone, because they belong to somebody else by now'),
  person: Count.nullable().describe('id of the person afterwards'),
})
export type PeopleActionReport = z.infer<typeof PeopleActionReport>

export const PeopleQuestion = z.object({
  id: Count,
  person: PersonReport,
  face: PersonFace.nullable().describe('the one face in question; null: see `other`'),
  other: PersonReport.nullable().describe('an unnamed person whose faces are all in question; null: see `face`'),
  samples: z.array(Count).describe('ids of faces to show'),
  distance: z.number().describe('distance in the face model’s own measure; smaller is nearer'),
  is_skipped: z.boolean(),
})
export type PeopleQuestion = z.infer<typeof PeopleQuestion>

export const QuestionsAnswer = z.object({ questions: z.array(PeopleQuestion), total: Count })
export type QuestionsAnswer = z.infer<typeof QuestionsAnswer>
