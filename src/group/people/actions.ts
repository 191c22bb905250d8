/** @file What a person can do with people and faces, each action one transaction. What they say binds every later run of the clustering. */
import { type Message, message } from '../../contract/messages/message.ts'
import type { PeopleAction } from '../../contract/people.ts'
import type { Trx } from '../../db/client.ts'
import type { PersonState } from '../../db/tables/groups.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Recorder } from './recorder.ts'
import { addPerson, findNamesakes, readApart, readFaceIds, readLinks, readMergedInto, readPersons, readRejecting } from './store-changes.ts'

export interface Done {
  /** one line for the history */
  readonly summary: Message
  /** whom it is about afterwards */
  readonly person: number | null
}

type ActionOf<K extends PeopleAction['do']> = Extract<PeopleAction, { do: K }>
type Act<K extends PeopleAction['do']> = (trx: Trx, recorder: Recorder, action: ActionOf<K>) => Promise<Done>

const ACTS: { readonly [K in PeopleAction['do']]: Act<K> } = {
  async name(trx, recorder, { person, name, was }) {
    const state = await findLive(trx, person)
    if (was !== undefined && was !== state.name)
      throw new FototecaError(
        'conflict',
        state.name === null
          ? 'somebody took the name away meanwhile; look again, then name the person'
          : `somebody named this person ${state.name} meanwhile; look again, then rename them`,
      )
    if (name !== null) {
      const other = (await findNamesakes(trx, name)).find(({ id, mergedInto }) => mergedInto === null && id !== person)
      if (other) throw new FototecaError('conflict', `there is a person called ${name} already (${other.id}); merge the two instead`)
      await recorder.freeName(name, person)
    }
    await recorder.setPerson(person, { name, isKept: true })
    // files that say the former name still mean this person
    if (state.name !== null && name !== null && state.name !== name) await addPerson(trx, state.name, person)
    const summary =
      name === null
        ? message('person.name-removed', { name: state.name })
        : state.name === null
          ? message('person.named', { name })
          : message('person.renamed', { from: state.name, to: name })
    return { summary, person }
  },

  async merge(trx, recorder, { person, into }) {
    if (person === into) throw new FototecaError('invalid', 'into: a person cannot be merged with themselves')
    const states = await readPersons(trx, [person, into])
    const [one, two] = [demand(states, person), demand(states, into)]
    if (one.mergedInto === into || two.mergedInto === person)
      return { summary: message('person.merged-already'), person: one.mergedInto ?? person }
    for (const [id, state] of [
      [person, one],
      [into, two],
    ] as const)
      if (state.mergedInto !== null) throw wasMerged(id, state.mergedInto)
    // the one with a name stays
    const [gone, kept] = two.name === null && one.name !== null ? [into, person] : [person, into]
    for (const other of await readApart(trx, gone)) {
      await recorder.setApart(gone, other, false)
      if (other !== kept) await recorder.setApart(kept, other, true)
    }
    const faces = await readFaceIds(trx, gone)
    for (const face of await readRejecting(trx, kept)) if (faces.includes(face)) await recorder.reject(face, kept, false)
    const own = new Set(await readFaceIds(trx, kept))
    for (const face of await readRejecting(trx, gone)) if (!own.has(face)) await recorder.reject(face, kept, true)
    await recorder.setFaces(faces, { person: kept, namedBy: 'person' })
    for (const merged of await readMergedInto(trx, gone)) await recorder.setPerson(merged, { mergedInto: kept })
    await recorder.setPerson(gone, { mergedInto: kept })
    await recorder.setPerson(kept, { isKept: true })
    return { summary: message('person.merged', { gone: demand(states, gone).name, into: demand(states, kept).name }), person: kept }
  },

  async move(trx, recorder, { faces, to, from }) {
    const links = await readLinks(trx, faces)
    if (links.length === 0) throw new FototecaError('not_found', 'none of these faces is there any more; look again')
    const target = await findTarget(trx, to)
    for (const { id } of links) await recorder.reject(id, target.id, false)
    await recorder.setFaces(faces, { person: target.id, namedBy: 'person' }, from)
    await recorder.setPerson(target.id, { isKept: true })
    // a person was split: the clustering and the questions are not to bring the two together again
    const former = new Set(links.flatMap(({ person }) => (person === null || person === target.id ? [] : [person])))
    if (target.isNew) for (const person of former) await recorder.setApart(person, target.id, true)
    if (target.isNew) for (const person of former) await recorder.setPerson(person, { isKept: true })
    return { summary: message('person.faces-moved', { count: faces.length, person: target.name }), person: target.id }
  },

  async reject(trx, recorder, { faces, person }) {
    const state = await findLive(trx, person)
    const links = await readLinks(trx, faces)
    for (const { id } of links) await recorder.reject(id, person, true)
    await recorder.setFaces(
      links.filter((link) => link.person === person).map(({ id }) => id),
      { person: null, namedBy: null },
    )
    await recorder.setPerson(person, { isKept: true })
    return { summary: message('person.faces-rejected', { count: links.length, person: state.name }), person }
  },

  async hide(trx, recorder, { person, hidden }) {
    const state = await findLive(trx, person)
    await recorder.setPerson(person, { isHidden: hidden, isKept: true })
    return { summary: message(hidden ? 'person.hidden' : 'person.shown', { person: state.name }), person }
  },

  async cover(trx, recorder, { person, face }) {
    const state = await findLive(trx, person)
    const [link] = await readLinks(trx, [face])
    if (link?.person !== person) throw notOfPerson(face)
    await recorder.setPerson(person, { cover: face, isKept: true })
    return { summary: message('person.cover', { person: state.name }), person }
  },

  async apart(trx, recorder, { person, other }) {
    if (person === other) throw new FototecaError('invalid', 'other: these are one person; name two')
    const states = await readPersons(trx, [person, other])
    await recorder.setApart(person, other, true)
    for (const id of [person, other]) {
      const state = demand(states, id)
      if (state.mergedInto !== null) throw wasMerged(id, state.mergedInto)
      await recorder.setPerson(id, { isKept: true })
    }
    return { summary: message('person.apart', { other: demand(states, other).name, person: demand(states, person).name }), person }
  },
}

/** @throws FototecaError `not_found`, `conflict`, `invalid` */
export function actOnPeople<K extends PeopleAction['do']>(trx: Trx, recorder: Recorder, action: ActionOf<K>): Promise<Done> {
  return (ACTS[action.do] as Act<K>)(trx, recorder, action)
}

async function findTarget(trx: Trx, to: ActionOf<'move'>['to']): Promise<{ id: number; name: string | null; isNew: boolean }> {
  if ('person' in to) {
    const state = await findLive(trx, to.person)
    return { id: to.person, name: state.name, isNew: false }
  }
  if ('new' in to) return { id: await addPerson(trx, null), name: null, isNew: true }
  const [known] = await findNamesakes(trx, to.name)
  if (known) return { id: known.mergedInto ?? known.id, name: to.name, isNew: false }
  return { id: await addPerson(trx, to.name), name: to.name, isNew: true }
}

async function findLive(trx: Trx, id: number): Promise<PersonState> {
  const state = demand(await readPersons(trx, [id]), id)
  if (state.mergedInto !== null) throw wasMerged(id, state.mergedInto)
  return state
}

function demand(states: ReadonlyMap<number, PersonState>, id: number): PersonState {
  const state = states.get(id)
  if (!state) throw new FototecaError('not_found', `there is no person ${id}`)
  return state
}

export const notOfPerson = (face: number): FototecaError =>
  new FototecaError('invalid', `face: ${face} is not of this person; choose one that is`)

const wasMerged = (id: number, into: number): FototecaError =>
  new FototecaError('conflict', `person ${id} was merged into person ${into} meanwhile; look again`)
