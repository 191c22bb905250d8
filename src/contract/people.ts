/** @file People: who is in the photos, what a person says of them and their faces, and what they are asked. */
import { z } from 'zod'
import { EditReport } from './edits.ts'
import { BoxSchema, Id, PhotoCard } from './photo.ts'

const Count = z.number().int()
export const PersonName = z.string().trim().min(1).max(100)

export const PersonReport = z.object({
  id: Count,
  name: z.string().nullable().describe('null: a cluster of faces nobody has named'),
  count: Count.describe('photos'),
  faces: Count,
  is_hidden: z.boolean(),
  cover_face_id: Count.nullable().describe('the face that stands for the person: the chosen one, otherwise the best'),
})
export type PersonReport = z.infer<typeof PersonReport>

export const PeopleQuery = z.object({
  show: z.enum(['named', 'unnamed', 'hidden']).default('named'),
  min_faces: z.coerce.number().int().min(1).max(1000).default(3).describe('of people without a name'),
  skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
})
export type PeopleQuery = z.output<typeof PeopleQuery>

export const PeopleAnswer = z.object({
  people: z.array(PersonReport).describe('most photos first'),
  total: Count,
})
export type PeopleAnswer = z.infer<typeof PeopleAnswer>

export const PersonFace = z.object({
  id: Count,
  photo: PhotoCard,
  box: BoxSchema,
  quality: z.number(),
  named_by: z.enum(['file', 'person', 'cluster']).nullable().describe('`cluster`: nobody said so, it lies near the others'),
})
export type PersonFace = z.infer<typeof PersonFace>

const Faces = z.array(Id).min(1).max(10_000)
const Target = z
  .union([z.object({ person: Id }), z.object({ name: PersonName }), z.object({ new: z.literal(true) })])
  .describe('a person, the person of this name (made if there is none), or a new one without a name')

/** What a person says stands over files and clustering, now and after every later run. Each action is one change of the history. */
export const PeopleAction = z.discriminatedUnion('do', [
  z
    .object({
      do: z.literal('name'),
      person: Id,
      name: PersonName.nullable(),
      was: z.string().nullable().optional().describe('the name as it was seen; another one is refused (409)'),
    })
    .describe('409 with the code `conflict` where somebody else is called so: merge the two instead'),
  z.object({ do: z.literal('merge'), person: Id, into: Id }).describe('all faces of one are the other’s; merging again changes nothing'),
  z
    .object({
      do: z.literal('move'),
      faces: Faces,
      to: Target,
      from: Id.optional().describe('faces that are not this person’s any more are left alone'),
    })
    .describe('these faces are that person’s: also how a person is split'),
  z.object({ do: z.literal('reject'), faces: Faces, person: Id }).describe('these faces are not this person'),
  z.object({ do: z.literal('hide'), person: Id, hidden: z.boolean() }),
  z.object({ do: z.literal('cover'), person: Id, face: Id }),
  z.object({ do: z.literal('apart'), person: Id, other: Id }).describe('these two are not the same person'),
])
export type PeopleAction = z.output<typeof PeopleAction>

export const PeopleActionReport = z.object({
  edit: EditReport.nullable().describe(
    'null where nothing was changed; `conflicts`: faces left alone, because they were somebody else’s meanwhile',
  ),
  person: Count.nullable().describe('whom it is about afterwards'),
})
export type PeopleActionReport = z.infer<typeof PeopleActionReport>

export const PeopleQuestion = z.object({
  id: Count,
  person: PersonReport,
  face: PersonFace.nullable().describe('the one face it is about'),
  other: PersonReport.nullable().describe('or all faces of this person without a name'),
  samples: z.array(Count).describe('faces to look at, of what it is about'),
  distance: z.number().describe('as the face model measures it'),
  is_skipped: z.boolean(),
})
export type PeopleQuestion = z.infer<typeof PeopleQuestion>

export const QuestionsAnswer = z.object({ questions: z.array(PeopleQuestion), total: Count })
export type QuestionsAnswer = z.infer<typeof QuestionsAnswer>
