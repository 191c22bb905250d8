/** @file kill -9 of the whole program while duplicates are compared, faces placed and clusters looked for: nothing said is lost, nothing dangles. */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import type { ClusterList } from '../../src/contract/clusters.ts'
import type { DecisionReport, DuplicateSetReport, DuplicatesOverview } from '../../src/contract/duplicates.ts'
import type { Progress } from '../../src/contract/library.ts'
import type { PeopleAnswer } from '../../src/contract/people.ts'
import type { TrashReport } from '../../src/contract/trash.ts'
import { PORTRAITS } from '../support/portraits.ts'
import { askJson, makeDataDir, type Program, startProgram, until, upload } from '../support/program.ts'

const PICTURES = 20
/** the first so many come a second time, saved again */
const COPIES = 6
const ADA = PORTRAITS.woman
const KILLS = 4
const PHOTOS = PICTURES + COPIES + ADA.length

let dataDir = ''
afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }))

const makePicture = (seed: number) => {
  const noise = Buffer.concat([0, 1, 2, 3, 4, 5].map((part) => createHash('sha256').update(`groups ${seed} ${part}`).digest()))
  return sharp(noise.subarray(0, 8 * 8 * 3), { raw: { width: 8, height: 8, channels: 3 } }).resize(400, 400, { kernel: 'cubic' })
}

/** without a body of its own an empty one */
const send = <T>({ url }: Program, path: string, body: object = {}, method = 'POST') => askJson<T>(`${url}${path}`, body, method)
const settled = (program: Program) => until<Progress>(`${program.url}/api/progress`, ({ due, photos }) => due === 0 && photos > 0, 480_000)
const sets = async (program: Program, count: number) =>
  (
    await until<{ sets: DuplicateSetReport[] }>(
      `${program.url}/api/duplicates/sets?kind=same-picture`,
      (now) => now.sets.length === count,
      240_000,
    )
  ).sets

it('kill -9, again and again: sets, people and clusters are made whole, and what persons said stands', async () => {
  dataDir = await makeDataDir()
  {
    const first = await startProgram({ dataDir })
    for (let seed = 0; seed < PICTURES; seed++)
      await upload(first.url, `${seed}.jpg`, await makePicture(seed).jpeg({ quality: 95 }).toBuffer())
    for (let seed = 0; seed < COPIES; seed++)
      await upload(first.url, `${seed} again.jpg`, await makePicture(seed).jpeg({ quality: 90 }).toBuffer())
    for (const [index, portray] of ADA.entries()) await upload(first.url, `ada ${index}.jpg`, await portray().jpeg().toBuffer())
    await first.stop('SIGKILL')
  }
  const decided: number[] = []
  let person = 0
  let cluster = 0
  for (let round = 0; round < KILLS; round++) {
    const program = await startProgram({ dataDir })
    await settled(program)
    const [set] = await sets(program, COPIES - round)
    decided.push((await send<DecisionReport>(program, `/api/duplicates/sets/${set?.id}`, { do: 'accept' })).edit ?? 0)
    if (round === 0) {
      const { people } = await until<PeopleAnswer>(`${program.url}/api/people?show=unnamed&min_faces=2`, (now) => now.total === 1, 240_000)
      person = people[0]?.id ?? 0
      await send(program, '/api/people/actions', { do: 'name', person, name: 'Ada' })
    }
    if (round === 1) {
      const { clusters } = await until<ClusterList>(
        `${program.url}/api/clusters`,
        (now) => now.clusters.length > 0 && !now.state.running,
        240_000,
      )
      cluster = clusters[0]?.id ?? 0
      await send(program, `/api/clusters/${cluster}`, { name: 'Noise' }, 'PATCH')
    }
    // all three at work at once, and dead at another moment each time
    await Promise.all([send(program, '/api/duplicates/compare'), send(program, '/api/people/cluster'), send(program, '/api/clusters/run')])
    await new Promise((resolve) => setTimeout(resolve, 20 + round * 150))
    await program.stop('SIGKILL')
  }

  await using program = await startProgram({ dataDir })
  await settled(program)
  await until<DuplicatesOverview>(`${program.url}/api/duplicates`, ({ compared }) => !compared.running && compared.due === 0, 240_000)
  await sets(program, COPIES - KILLS)
  await until<TrashReport>(`${program.url}/api/trash`, ({ total }) => total === KILLS)
  const { people } = await until<PeopleAnswer>(
    `${program.url}/api/people`,
    ({ people: [one] }) => one?.faces === ADA.length && one.count === ADA.length,
    240_000,
  )
  expect(people).toMatchObject([{ id: person, name: 'Ada', count: ADA.length }])
  const { clusters } = await until<ClusterList>(
    `${program.url}/api/clusters`,
    ({ state, clusters: all }) => !state.running && state.made_at !== null && all.some(({ id }) => id === cluster),
    240_000,
  )
  expect(clusters.find(({ id }) => id === cluster)).toMatchObject({ name: 'Noise', said_by: 'person' })
  // every decision can still be taken back
  for (const edit of decided) await send(program, `/api/edits/${edit}/undo`)
  await sets(program, COPIES)
  await until<TrashReport>(`${program.url}/api/trash`, ({ total }) => total === 0)
  await until<Progress>(`${program.url}/api/progress`, ({ photos }) => photos === PHOTOS)
}, 600_000)
