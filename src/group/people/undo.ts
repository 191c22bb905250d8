/** @file Takes back what an action on people changed, last first. What somebody changed since is left as it is and counted. */
import type { Trx } from '../../db/client.ts'
import type { PeopleChange, PersonState } from '../../db/tables/groups.ts'
import type { Recorder } from './recorder.ts'
import { addPerson, findNamesakes, readLinks, readPersons } from './store-changes.ts'

export async function undoPeopleChanges(trx: Trx, recorder: Recorder, changes: readonly PeopleChange[]): Promise<void> {
  /** people that are gone because nothing was left of them */
  const replaced = new Map<number, number>()
  for (const change of [...changes].reverse()) {
    switch (change.of) {
      case 'faces':
        await undoFaces(trx, recorder, change, replaced)
        break
      case 'person':
        await undoPerson(trx, recorder, change)
        break
      case 'rejection':
        if ((await readLinks(trx, [change.face])).length > 0 && (await readPersons(trx, [change.person])).size > 0)
          await recorder.reject(change.face, change.person, !change.after)
        break
      case 'apart':
        if ((await readPersons(trx, change.persons)).size === 2) await recorder.setApart(...change.persons, !change.after)
        break
    }
  }
}

async function undoFaces(
  trx: Trx,
  recorder: Recorder,
  { faces, before, after }: Extract<PeopleChange, { of: 'faces' }>,
  replaced: Map<number, number>,
): Promise<void> {
  const links = await readLinks(trx, faces)
  // a face without a person may have been put to one by the clustering since: that is nobody's word
  const same = links.filter(
    ({ person, namedBy }) => (person === after.person && namedBy === after.namedBy) || (after.person === null && namedBy === 'cluster'),
  )
  recorder.conflict(links.length - same.length)
  if (same.length === 0) return
  let { person } = before
  if (person !== null && !(await readPersons(trx, [person])).has(person)) {
    const id = replaced.get(person) ?? (await addPerson(trx, null))
    replaced.set(person, id)
    person = id
  }
  await recorder.setFaces(
    same.map(({ id }) => id),
    { person, namedBy: before.namedBy },
  )
}

async function undoPerson(trx: Trx, recorder: Recorder, { person, before, after }: Extract<PeopleChange, { of: 'person' }>): Promise<void> {
  const state = (await readPersons(trx, [person])).get(person)
  if (!state) return recorder.conflict()
  const back: Record<string, unknown> = {}
  for (const key of Object.keys(before) as (keyof PersonState)[]) {
    if (state[key] !== after[key]) recorder.conflict()
    else if (key === 'name' && before.name != null && (await isTaken(trx, before.name, person))) recorder.conflict()
    else if (key === 'cover' && before.cover != null && (await readLinks(trx, [before.cover])).length === 0) back.cover = null
    else back[key] = before[key]
  }
  if (typeof back.name === 'string') await recorder.freeName(back.name, person)
  await recorder.setPerson(person, back as Partial<PersonState>)
}

async function isTaken(trx: Trx, name: string, by: number): Promise<boolean> {
  return (await findNamesakes(trx, name)).some(({ id, mergedInto }) => mergedInto === null && id !== by)
}
