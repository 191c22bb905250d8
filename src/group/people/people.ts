/** @file People for the edges: who there is, the actions on them with their undo, the questions, a picture of each face. */

import type { EditReport } from '../../contract/edits.ts'
import { message } from '../../contract/messages/message.ts'
import type {
  PeopleAction,
  PeopleActionReport,
  PeopleAnswer,
  PeopleQuery,
  PersonFace,
  PersonReport,
  QuestionsAnswer,
} from '../../contract/people.ts'
import type { Db, Trx } from '../../db/client.ts'
import { markDocumentsStale, refreshSearchDocuments } from '../../document/store.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { insertDoneEdit, readEdit } from '../../edit/store-edits.ts'
import { actOnPeople, type Done, notOfPerson } from './actions.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { countFaces } from './store-assignment.ts'
import { readJournal, writeJournal } from './store-changes.ts'
import {
  listFaces,
  listOpenQuestions,
  listPeople,
  onlySeenFaces,
  type PlacedFace,
  readFacePlace,
  readPeople,
  readQuestion,
  skipQuestion,
} from './store-people.ts'
import { undoPeopleChanges } from './undo.ts'

/** Up to this many photos have their search documents before the answer. */
const AT_ONCE = 100

export interface PeopleDeps {
  readonly db: Db
  /** search documents are due */
  readonly wake: () => void
  /** faces are nobody’s any more */
  readonly wakeFaceAssigner: () => void
  /** clusters nobody spoke about are to be made anew */
  readonly anew: () => Promise<void>
  /** the key of a picture of this face, made where it is not there yet; null while its photo has no preview */
  readonly facePicture: (face: PlacedFace) => Promise<string | null>
}

export interface People {
  list(sees: Visibility, query: PeopleQuery): Promise<PeopleAnswer>
  /** @throws FototecaError `not_found` */
  get(sees: Visibility, id: number): Promise<PersonReport>
  /** @throws FototecaError `not_found` */
  faces(sees: Visibility, id: number, skip: number, limit: number): Promise<{ faces: PersonFace[]; total: number }>
  /** @throws FototecaError `not_found`, `conflict`, `invalid` */
  act(actor: Actor, action: PeopleAction): Promise<PeopleActionReport>
  /** @returns the id of the edit that took it back. @throws FototecaError `conflict` */
  undo(actor: Actor, edit: EditReport & { id: number }): Promise<number>
  questions(sees: Visibility, limit: number, person?: number): Promise<QuestionsAnswer>
  /** @throws FototecaError `not_found`, `conflict` */
  answer(actor: Actor, id: number, answer: 'yes' | 'no' | 'skip'): Promise<PeopleActionReport>
  /** @returns how many faces will be looked at */
  cluster(): Promise<number>
  /** @throws FototecaError `not_found` */
  picture(sees: Visibility, face: number): Promise<string>
}

export function createPeople({ db, wake, wakeFaceAssigner, anew, facePicture }: PeopleDeps): People {
  async function get(sees: Visibility, id: number): Promise<PersonReport> {
    const person = (await readPeople(db, sees, [id])).get(id)
    if (!person) throw new FototecaError('not_found', `there is no person ${id}`)
    return person
  }

  /** One transaction: the changes, the journal for undo, the search documents of few photos. @returns the edit, null where nothing changed */
  async function change(
    actor: Actor,
    run: (trx: Trx, recorder: Recorder) => Promise<Done>,
    undoOf: number | null,
  ): Promise<{ edit: number | null } & Done> {
    const made = await db.transaction().execute(async (trx) => {
      const recorder = createRecorder(trx)
      const done = await run(trx, recorder)
      const photos = [...recorder.photos]
      if (recorder.changes.length === 0 && recorder.conflicts === 0 && undoOf === null) return { edit: null, ...done }
      const { summary } = done
      const edit = await insertDoneEdit(trx, {
        actor,
        area: 'people',
        summary,
        undoOf,
        changed: photos.length,
        conflicts: recorder.conflicts,
      })
      if (recorder.changes.length > 0) await writeJournal(trx, edit, recorder.changes)
      if (photos.length <= AT_ONCE) await refreshSearchDocuments(trx, photos)
      else await markDocumentsStale(trx, photos)
      return { edit, ...done }
    })
    wake()
    wakeFaceAssigner()
    return made
  }

  /** Of people and faces that are not seen it is said what is said of those that never were. @throws FototecaError `not_found`, `invalid` */
  async function asSeen(sees: Visibility, action: PeopleAction): Promise<PeopleAction> {
    if (sees.allowed === null) return action
    const named = [
      ...('person' in action ? [action.person] : []),
      ...('into' in action ? [action.into] : []),
      ...('other' in action ? [action.other] : []),
      ...('to' in action && 'person' in action.to ? [action.to.person] : []),
    ]
    for (const id of named) await get(sees, id)
    if (action.do === 'cover' && (await onlySeenFaces(db, sees, [action.face])).length === 0) throw notOfPerson(action.face)
    return 'faces' in action ? { ...action, faces: [...(await onlySeenFaces(db, sees, action.faces))] } : action
  }

  async function act(actor: Actor, given: PeopleAction): Promise<PeopleActionReport> {
    const action = await asSeen(actor.sees, given)
    const { edit, person } = await change(actor, (trx, recorder) => actOnPeople(trx, recorder, action), null)
    return { edit: edit === null ? null : ((await readEdit(db, edit)) ?? null), person }
  }

  return {
    list: (sees, query) => listPeople(db, sees, query),
    get,
    faces: async (sees, id, skip, limit) => listFaces(db, sees, (await get(sees, id)).id, skip, limit),
    act,

    async undo(actor, { id, message: undone }) {
      const { edit } = await change(
        actor,
        async (trx, recorder) => {
          if ((await readEdit(trx, id))?.undone_by !== null) throw new FototecaError('conflict', 'this edit was undone already')
          await undoPeopleChanges(trx, recorder, await readJournal(trx, id))
          return { summary: message('edit.undone', { edit: undone }), person: null }
        },
        id,
      )
      if (edit === null) throw new FototecaError('internal', 'an undo was made without its edit')
      return edit
    },

    questions: (sees, limit, person) => listOpenQuestions(db, sees, limit, person),

    async answer(actor, id, answer) {
      const question = await readQuestion(db, actor.sees, id)
      if (!question) throw new FototecaError('not_found', `there is no question ${id} any more; it was answered, or the faces changed`)
      const { face, other, person } = question
      if (answer === 'skip') {
        await skipQuestion(db, id)
        return { edit: null, person }
      }
      if (face !== null)
        return act(actor, answer === 'yes' ? { do: 'move', faces: [face], to: { person } } : { do: 'reject', faces: [face], person })
      return act(actor, answer === 'yes' ? { do: 'merge', person: other ?? 0, into: person } : { do: 'apart', person, other: other ?? 0 })
    },

    async cluster() {
      await anew()
      return (await countFaces(db)).reduce((sum, { faces }) => sum + faces, 0)
    },

    async picture(sees, face) {
      const place = await readFacePlace(db, sees, face)
      if (!place) throw new FototecaError('not_found', `there is no face ${face} (any more)`)
      const key = await facePicture(place)
      if (key === null) throw new FototecaError('not_found', `the photo of face ${face} has no preview (yet)`)
      return key
    },
  }
}
