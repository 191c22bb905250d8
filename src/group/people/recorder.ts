/** @file Makes the changes of one action in its transaction and remembers each with what was there before, for undo and for search. */
import type { Trx } from '../../db/client.ts'
import type { FaceLink, PeopleChange, PersonState } from '../../db/tables/groups.ts'
import { findNamesakes, readLinks, readPersons, readPhotoIds, writeApart, writeLink, writePerson, writeRejection } from './store-changes.ts'

export interface Recorder {
  /** @param from faces of anybody else are left alone and counted as conflicts */
  setFaces(ids: readonly number[], after: FaceLink, from?: number | null): Promise<void>
  setPerson(id: number, after: Partial<PersonState>): Promise<void>
  /** Takes the name from people that were merged: it is wanted for somebody else. */
  freeName(name: string, for_: number | null): Promise<void>
  reject(face: number, person: number, isRejected: boolean): Promise<void>
  setApart(a: number, b: number, isApart: boolean): Promise<void>
  /** notes that something could not be done */
  conflict(count?: number): void
  readonly changes: PeopleChange[]
  /** photos whose faces are other people’s, or whose people are called otherwise */
  readonly photos: Set<number>
  conflicts: number
}

export function createRecorder(trx: Trx): Recorder {
  const recorder: Recorder = {
    changes: [],
    photos: new Set(),
    conflicts: 0,
    conflict(count = 1) {
      recorder.conflicts += count
    },

    async setFaces(ids, after, from) {
      const links = await readLinks(trx, ids)
      const meant = links.filter(({ person }) => from === undefined || person === from)
      recorder.conflict(links.length - meant.length)
      const changing = meant.filter(({ person, namedBy }) => person !== after.person || namedBy !== after.namedBy)
      if (changing.length === 0) return
      for (const some of Map.groupBy(changing, ({ person, namedBy }) => `${person}/${namedBy}`).values()) {
        const { person = null, namedBy = null } = some[0] ?? {}
        recorder.changes.push({ of: 'faces', faces: some.map(({ id }) => id), before: { person, namedBy }, after })
      }
      await writeLink(
        trx,
        changing.map(({ id }) => id),
        after,
      )
      for (const { photo } of changing) recorder.photos.add(photo)
    },

    async setPerson(id, after) {
      const state = (await readPersons(trx, [id])).get(id)
      if (!state) return recorder.conflict()
      const keys = (Object.keys(after) as (keyof PersonState)[]).filter((key) => after[key] !== state[key])
      if (keys.length === 0) return
      const pick = (of: Partial<PersonState>) => Object.fromEntries(keys.map((key) => [key, of[key]]))
      recorder.changes.push({ of: 'person', person: id, before: pick(state), after: pick(after) })
      await writePerson(trx, id, pick(after))
      if (keys.includes('name')) for (const photo of await readPhotoIds(trx, id)) recorder.photos.add(photo)
    },

    async freeName(name, for_) {
      for (const { id, mergedInto } of await findNamesakes(trx, name))
        if (mergedInto !== null && id !== for_) await recorder.setPerson(id, { name: null })
    },

    async reject(face, person, isRejected) {
      if (await writeRejection(trx, face, person, isRejected)) recorder.changes.push({ of: 'rejection', face, person, after: isRejected })
    },

    async setApart(a, b, isApart) {
      if (a !== b && (await writeApart(trx, [a, b], isApart))) recorder.changes.push({ of: 'apart', persons: [a, b], after: isApart })
    },
  }
  return recorder
}
