/**
 * @file The library that retrieval is measured on: 320 test pictures through the whole pipeline with the stand-in embedding model; every
 * second captioned photo is described by one of its five captions, which a server of text embeddings (the stand-in’s text tower) embeds.
 */

import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load.ts'
import { type Db, openDatabase } from '../src/db/client.ts'
import { OWNER } from '../src/domain/actor.ts'
import { silentLog } from '../src/domain/log.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import type { TextEmbedder } from '../src/models/ports/capability.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { findTextCutOff } from '../src/models/spaces/cut-offs.ts'
import { rememberQueries } from '../src/models/spaces/text-embedder-cache.ts'
import { FacetIndex } from '../src/search/facet-index.ts'
import { SearchMemory } from '../src/search/memory.ts'
import type { SearchDeps } from '../src/search/search-deps.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'

const FOLDERS = ['labelled-photos/images', 'classified-photos', 'receipts'] as const
/** Of 400; the pipeline takes seconds for each on a busy machine. */
const CAPTIONED = 200

/** Of the captioned photos, by their place: every second one has a description. */
export const isDescribed = (place: number): boolean => place % 2 === 0

/** photo name → its captions, in the order of the file */
export function readCaptions(): Map<string, string[]> {
  const rows = readFileSync(dataPath('captioned-photos/captions.tsv'), 'utf8').trim().split('\n')
  const captions = new Map<string, string[]>()
  for (const row of rows) {
    const [name = '', caption = ''] = row.split('\t')
    captions.set(name, [...(captions.get(name) ?? []), caption])
  }
  return new Map([...captions].slice(0, CAPTIONED))
}

/** Distance of a description from a question about its photo that 95 % of the right ones stay under, by the stand-in. */
const TEXT_CUT_OFF = 0.5
const UNKNOWN = 'the model knows none of these words'

export interface RetrievalLibrary {
  readonly db: Db
  /** as the program would search it */
  readonly deps: SearchDeps
  /** space of the pictures */
  readonly spaceId: number
  /** file name → photo */
  readonly ids: ReadonlyMap<string, number>
  /** @param folder last part of a source’s path */
  readonly sourceOf: (folder: string) => number | undefined
  /** null where the stand-in knows none of the words */
  readonly embed: (q: string) => Promise<Float32Array | null>
}

/**
 * Opens the library, built first where it is not there yet (minutes).
 * FOTOTECA_EVAL_LIBRARY names a folder it is kept in for the next time and for other evaluations.
 */
export async function withLibrary<T>(work: (library: RetrievalLibrary) => Promise<T>): Promise<T> {
  const kept = process.env.FOTOTECA_EVAL_LIBRARY
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'fototeca-eval-')))
  try {
    await mkdir(folder, { recursive: true })
    if (!existsSync(join(folder, 'data'))) await buildLibrary(folder)
    return await openAndWork(join(folder, 'data'), work)
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true })
  }
}

async function openAndWork<T>(dataDir: string, work: (library: RetrievalLibrary) => Promise<T>): Promise<T> {
  await using open = await openDatabase({ dataDir })
  const { db } = open
  const model = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using text = rememberQueries(model.text())
  const spaces = await db.selectFrom('spaces').select(['id', 'name', 'of_texts']).execute()
  const own = spaces.find(({ name }) => name === model.space.name)
  const texts = spaces.find(({ of_texts }) => of_texts)
  if (!own || !texts) throw new Error('the library has no vectors')
  // the stand-in knows few words: of others alone it makes no vector
  const embed = (q: string) => text.embedText(q).catch(() => null)
  const deps: SearchDeps = {
    db,
    memory: new SearchMemory(),
    facetIndex: new FacetIndex(),
    language: 'english',
    textEmbedder: async () => text,
    semanticNotice: () => null,
    activeSpace: async () => own,
    cutOff: findTextCutOff,
    described: async (q) => {
      const vector = await embed(q)
      return vector ? { spaceId: texts.id, vector, cutOff: TEXT_CUT_OFF } : { notice: UNKNOWN }
    },
  }
  const photos = await db.selectFrom('photos').select(['id', 'filename']).execute()
  const sources = await db.selectFrom('sources').select(['id', 'path']).execute()
  return await work({
    db,
    deps,
    spaceId: own.id,
    ids: new Map(photos.map(({ id, filename }) => [filename, id])),
    sourceOf: (folder) => sources.find(({ path }) => path?.endsWith(`/${folder}`))?.id,
    embed,
  })
}

/** Fills `data` in this folder; minutes. It can be opened again by `openDatabase`. */
export async function buildLibrary(folder: string): Promise<void> {
  const dataDir = join(folder, 'data')
  const model = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using text = model.text()
  await using server = await startTextServer(text)
  const config = loadConfig(
    {},
    { dataDir, modelDownload: 'never', meaning: 'off', watch: 'off', textEmbedding: 'standin-texts', textEmbeddingUrl: server.url },
  )
  await using app = await createApp(config, { log: silentLog, webDir: join(import.meta.dirname, '../web/dist') })
  const { services } = app
  await services.models.importFolder(modelPath('semantic-standin'), 'semantic-standin', false)
  await services.models.use('semantic-standin')
  await app.start()
  const captioned = join(folder, 'captioned')
  await mkdir(captioned, { recursive: true })
  for (const name of readCaptions().keys()) await copyFile(dataPath('captioned-photos/images', name), join(captioned, name))
  for (const pictures of [captioned, ...FOLDERS.map((name) => dataPath(name))]) {
    const source = await services.sources.add(OWNER, pictures)
    await services.ingest.scan(source.id, { force: false })
  }
  await until(async () => {
    const progress = await services.pipeline.progress(EVERY_PHOTO)
    return progress.photos > 0 && progress.due === 0
  })
  let at = 0
  for (const [name, [caption = '']] of readCaptions()) {
    if (!isDescribed(at++)) continue
    const { hits } = await services.search(EVERY_PHOTO, { q: `"${basename(name, '.jpg')}"`, mode: 'keyword', all: false, limit: 1 })
    const [hit] = hits
    if (hit === undefined) throw new Error(`${name} is not in the library`)
    const operations = [{ do: 'set_text' as const, field: 'caption' as const, text: caption }]
    await services.edits.make(OWNER, { photos: { ids: [hit.photo.id] }, operations, dry_run: false })
  }
  await until(async () => {
    const { embedded, due } = await services.texts.report()
    return due === 0 && embedded >= CAPTIONED / 2
  })
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 500))
}

/** An OpenAI-compatible server of embeddings on this machine. */
async function startTextServer(text: TextEmbedder) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] }
    const data: { index: number; embedding: number[] }[] = []
    for (const [index, words] of input.entries()) data.push({ index, embedding: [...(await text.embedText(words))] })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
