/**
 * @file How long searches take while photos are analysed: the whole pipeline (models in the analysis process, results saved into the same
 * embedded database) works on 12-megapixel pictures, and questions are asked of the library it adds to, as the page asks them; before it,
 * the same questions of the same library at rest.
 * FOTOTECA_BENCH_PHOTOS is the size of the library (default 10,000; built once, minutes), BENCH_PHOTOS how many are analysed (default 60).
 */

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { enterProcess } from '../src/background/process-entry.ts'
import { Relay } from '../src/background/relay.ts'
import { composeAnalysis } from '../src/compose/analysis.ts'
import { composeFinding } from '../src/compose/finding.ts'
import { createSignals } from '../src/compose/signals.ts'
import { composeTexts } from '../src/compose/texts.ts'
import { loadConfig } from '../src/config/load.ts'
import { message } from '../src/contract/messages/message.ts'
import { FacetsQuery, SearchQuery } from '../src/contract/search.ts'
import { type Db, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { silentLog } from '../src/domain/log.ts'
import { NO_OUTAGES } from '../src/domain/outage.ts'
import { EVERY_PHOTO, type Visibility } from '../src/domain/visibility.ts'
import type { LedgerStep } from '../src/pipeline/ledger.ts'
import { openLibraryBlobs } from '../src/storage/library-blobs.ts'
import { modelPath } from '../test/support/shared.ts'
import type { Benchmark } from './row.ts'
import { openSearchLibrary } from './search-library.ts'
import { makeQuestions, makeRows } from './search-questions.ts'
import { ensureTwelveMegapixels } from './twelve-megapixels.ts'

const LIBRARY = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 10_000)
const ANALYSED = Number(process.env.BENCH_PHOTOS ?? 60)
/** Between two questions: somebody reads the answer. */
const PAUSE_MS = 150
const AT_REST = 120
const FILTERS = { category: ['animals'], from: '2018-01-01', hide_duplicates: true }

type Finding = ReturnType<typeof composeFinding>
const WAYS: Readonly<Record<string, (finding: Finding, q: string) => Promise<unknown>>> = {
  hybrid: ({ search }, q) => search(EVERY_PHOTO, SearchQuery.parse({ q })),
  'hybrid with filters (category, from, hide duplicates)': ({ search }, q) => search(EVERY_PHOTO, SearchQuery.parse({ q, ...FILTERS })),
  'facets of words, with the same filters': ({ facets }, q) => facets(EVERY_PHOTO, FacetsQuery.parse({ q, ...FILTERS })),
  suggestions: ({ suggest }, q) => suggest(EVERY_PHOTO, { q: q.slice(0, 3), limit: 8 }),
  'list, newest first, a page of 50': ({ search }) => search(EVERY_PHOTO, SearchQuery.parse({ q: '' })),
}

export async function run(log: (line: string) => void = console.error): Promise<Benchmark> {
  const pictures = await ensureTwelveMegapixels(ANALYSED)
  const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  const { rows, add, addTimes } = makeRows()
  try {
    const questions = await copyLibrary(dataDir, log)
    await using stack = new AsyncDisposableStack()
    const config = loadConfig({}, { dataDir, modelDownload: 'never', watch: 'off' })
    const open = stack.use(await openDatabase(config))
    await migrateToLatest(open.db)
    const relay = stack.use(new Relay(open, { log: silentLog }))
    const entry = stack.use(await enterProcess(open, { dataDir, relay, isAlone: true, version: 'bench', log: silentLog }))
    const signals = createSignals()
    stack.defer(() => signals.photoDone.close())
    const texts = composeTexts(config, open, stack, silentLog, signals, NO_OUTAGES)
    const analysis = await composeAnalysis(config, open, stack, silentLog, signals, {
      entry,
      relay,
      texts,
      outages: NO_OUTAGES,
      newLibrary: null,
      blobs: stack.use(await openLibraryBlobs({ dataDir })),
    })
    const finding = composeFinding(config, open, stack, silentLog, signals, analysis, texts, relay)
    await settleLibrary(open.db, Object.values(analysis.steps))
    await analysis.models.importFolder(modelPath('semantic-standin'), 'semantic-standin', false)
    await sql`update spaces set name = ${analysis.models.active()?.space.name} where name like 'bench/%'`.execute(open.db)
    // it would first say words of the whole library anew
    await analysis.tagger[Symbol.asyncDispose]()
    await analysis.pipeline.start()
    await finding.start()
    await untilIdle(analysis.pipeline)
    const ask = makeAsker(finding, questions)
    for (let i = 0; i < 20; i++) await ask() // warm
    for (const [way, times] of await ask.collect(AT_REST)) addTimes(`at rest: ${way}`, times)
    const source = await analysis.ingest.addFolder(pictures)
    const startedAt = performance.now()
    await analysis.ingest.scan(source.id, { force: false })
    const working = { is: true }
    const idle = untilIdle(analysis.pipeline).finally(() => {
      working.is = false
    })
    const during = await ask.collect(Number.POSITIVE_INFINITY, () => working.is)
    await idle
    add('analysis meanwhile, wall time per photo', (performance.now() - startedAt) / 1000 / ANALYSED, 's')
    for (const [way, times] of during) addTimes(`while photos are analysed: ${way}`, times)
    add(
      'questions asked meanwhile',
      [...during.values()].reduce((sum, times) => sum + times.length, 0),
      '',
    )
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
  return {
    name: 'search-while-analysing',
    rows,
    notes: [
      `${LIBRARY} photos in PGlite, ${ANALYSED} of 12 MP analysed on the same cores; one question at a time, ${PAUSE_MS} ms between two, words encoded by the text tower`,
    ],
  }
}

/** The library of the search bench, whose vectors are the stand-in model’s; its photos owe nothing. @returns words to ask for */
async function copyLibrary(dataDir: string, log: (line: string) => void): Promise<string[]> {
  let folder: string
  let questions: string[]
  {
    await using library = await openSearchLibrary(LIBRARY, log)
    folder = library.folder
    questions = (await makeQuestions(library)).map(({ q }) => q)
  }
  await cp(join(folder, 'pg'), join(dataDir, 'pg'), { recursive: true })
  return questions
}

/** There is no file to look at: done by nobody, owed by nobody. */
async function settleLibrary(db: Db, steps: readonly LedgerStep[]): Promise<void> {
  for (const { name, version, lane } of steps)
    await sql`insert into photo_steps (photo_id, step, version, lane, state, reason)
      select id, ${name}, ${version}, ${lane}, 'skipped', ${JSON.stringify(message('step.blocked', { step: 'prepare' }))}::jsonb from photos on conflict do nothing`.execute(
      db,
    )
}

async function untilIdle(pipeline: { progress(sees: Visibility): Promise<{ readonly due: number }> }): Promise<void> {
  while ((await pipeline.progress(EVERY_PHOTO)).due > 0) await sleep(500)
}

/** Asks the next question in the next way, in turns. */
function makeAsker(finding: Finding, questions: readonly string[]) {
  const ways = Object.entries(WAYS)
  let turn = 0
  const ask = async (): Promise<readonly [way: string, ms: number]> => {
    const [way, work] = ways[turn % ways.length]!
    // each way goes through all questions, in an order of its own
    const q = questions[(Math.floor(turn / ways.length) + 37 * (turn % ways.length)) % questions.length]!
    turn++
    const started = performance.now()
    await work(finding, q)
    return [way, performance.now() - started]
  }
  const collect = async (count: number, goesOn = () => true): Promise<Map<string, number[]>> => {
    const times = new Map<string, number[]>(ways.map(([way]) => [way, []]))
    for (let i = 0; i < count && goesOn(); i++) {
      await sleep(PAUSE_MS)
      const [way, ms] = await ask()
      times.get(way)?.push(ms)
    }
    return times
  }
  return Object.assign(ask, { collect })
}
