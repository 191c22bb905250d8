/** @file Sets of duplicates over the API: photos that are copies, what is found of them, and what is decided. */

import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { DecisionReport, DuplicateSetReport } from '../../src/contract/duplicates.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import type { Db } from '../../src/db/client.ts'
import { silentLog } from '../../src/domain/log.ts'
import { SetsBuilder } from '../../src/group/duplicates/sets-builder.ts'
import { DuplicateIndex } from '../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createDuplicates } from '../../src/pipeline/steps/duplicates/step.ts'
import { addPhoto, type PhotoOptions } from './library.ts'

export const picture = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest())
export const flip = (hash: Uint8Array, bits: number, from = 0): Uint8Array => {
  const out = hash.slice()
  for (let bit = from; bit < from + bits; bit++) out[bit >> 3]! ^= 1 << (bit & 7)
  return out
}

/** @param app as it is at the time: a test may start it again */
export function askDuplicates(db: Db, app: () => FastifyInstance) {
  async function call<T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<{ status: number; json: T }> {
    const answer = await app().inject({ method, url, ...(payload ? { payload } : {}) })
    return { status: answer.statusCode, json: answer.json() as T }
  }
  const listSets = async (query = '') =>
    (await call<{ sets: DuplicateSetReport[]; next: number | null }>('GET', `/api/duplicates/sets?${query}`)).json
  const shapes = async (query = '') =>
    (await listSets(query)).sets.map(({ kind, keeper, members }) => ({ kind, keeper, photos: members.map(({ photo }) => photo.id) }))
  const decide = async (id: number, payload: object) => (await call<DecisionReport>('POST', `/api/duplicates/sets/${id}`, payload)).json
  const undo = (id: number | null) => call('POST', `/api/edits/${id}/undo`)
  const detail = async (id: number) => (await call<PhotoDetail>('GET', `/api/photos/${id}`)).json
  const gallery = async () => (await call<{ photos: { id: number }[]; total: number }>('GET', '/api/photos')).json
  const find = async (query: string) =>
    (await call<{ hits: { photo: { id: number } }[] }>('GET', `/api/search?mode=keyword&${query}`)).json.hits.map(({ photo }) => photo.id)

  async function analyse(...ids: number[]) {
    const step = createDuplicates({ index: new DuplicateIndex(), threshold: 8 })
    for (const id of ids) await db.transaction().execute((trx) => step.save(trx, id, undefined, { modelId: null }))
  }
  async function build() {
    await using builder = new SetsBuilder(db, silentLog)
    return await builder.build()
  }
  /** Photos of one picture; the first is the largest. */
  async function addCopies(name: string, count: number, options: (i: number) => PhotoOptions = () => ({})): Promise<number[]> {
    const ids: number[] = []
    for (let i = 0; i < count; i++) ids.push(await addPhoto(db, { hash: flip(picture(name), i), width: 4000 - i * 100, ...options(i) }))
    await analyse(...ids)
    return ids
  }
  return { call, listSets, shapes, decide, undo, detail, gallery, find, analyse, build, addCopies }
}
