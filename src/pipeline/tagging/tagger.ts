/**
 * @file The lane `tag`: says in words what pictures show, from their stored vectors. A pass over the library is one matrix product
 * in batches, so a changed vocabulary opens no picture. It resumes where it stopped: what is due is in the ledger.
 */
import type { z } from 'zod'
import { type PieceEnd, Task } from '../../background/task.ts'
import type { LaneReport } from '../../contract/library.ts'
import type { Db, Trx } from '../../db/client.ts'
import type { Log } from '../../domain/log.ts'
import { NO_OUTAGES, type Outages } from '../../domain/outage.ts'
import { readStartingTags } from '../../lexicon/starting-tags.ts'
import type { TextEmbedder } from '../../models/ports/capability.ts'
import { marginFor, toConfidence } from '../../models/tagging/score.ts'
import { createTagScorer, type TagScorer } from '../../models/tagging/tag-scorer.ts'
import { countDue } from '../lease-ledger.ts'
import { tags as step } from '../steps/tags/step.ts'
import { type FoundTag, replaceWordTags } from '../steps/tags/store.ts'
import { createWordEncoder } from './encode-words.ts'
import {
  countVectors,
  expectModel,
  finishTags,
  readDueVectors,
  readGeneration,
  readSpaceWords,
  sampleVectors,
  saveCalibration,
  saveSpaceWords,
  settleUnembedded,
} from './store.ts'
import { readUserWords } from './store-words.ts'
import { makeVocabulary, type Vocabulary } from './vocabulary.ts'

/** Photos per matrix product and transaction: other queries get their turn between. */
const BATCH = 128
/** Words encoded between two saves: what a crash costs. */
const WORDS_PER_SAVE = 64
/** What is usual for a word is measured again when the library has grown to so many photos. */
const CALIBRATIONS = [64, 256, 1024, 4096] as const
const SAMPLE = 1024
/** After the last photo came: photos arrive in crowds. */
const SETTLE_MS = 1000
const TROUBLE_PAUSE_MS = 30_000

export interface TaggerDeps {
  readonly db: Db
  readonly servingSpace: () => Promise<{ readonly id: number; readonly name: string } | null>
  /** the text tower of the serving space */
  readonly textEmbedder: () => Promise<TextEmbedder | null>
  /** in the transaction that changed the tags of these photos */
  readonly markDocumentsStale: (trx: Trx, photoIds: readonly number[]) => Promise<void>
  /** after it */
  readonly onTagged: () => void
  readonly outages?: Outages
  readonly log: Log
  /** tests: the starting list, and the pause before a pass */
  readonly startingTags?: readonly string[]
  readonly settleMs?: number
}

/** What a pass works with; kept as long as nothing of it changed. */
interface Prepared {
  readonly modelId: string
  readonly scorer: TagScorer
  /** the words the tower knows, in the scorer's order */
  readonly words: readonly string[]
  readonly usual: Float32Array
  readonly margin: number
}

export class Tagger implements AsyncDisposable {
  readonly #deps: TaggerDeps
  readonly #starting: readonly string[]
  readonly task: Task
  #prepared: Prepared | undefined
  /** why nothing can be said now; null while it can */
  #off: string | null = 'tags in words wait for an image–text model'

  constructor(deps: TaggerDeps) {
    this.#deps = deps
    this.#starting = deps.startingTags ?? readStartingTags()
    this.task = new Task({
      name: 'tags',
      due: () => countDue(deps.db, 'tag'),
      work: (signal) => this.#pass(signal),
      log: deps.log,
      failureMessage: 'Tagging failed; will retry',
      failureLevel: 'warn',
      settleMs: deps.settleMs ?? SETTLE_MS,
      retryMs: TROUBLE_PAUSE_MS,
      outages: deps.outages,
    })
  }

  /** Photos, words or models may have changed. Returns at once. */
  wake(): void {
    this.task.wake()
  }

  async lane(): Promise<z.infer<typeof LaneReport>> {
    const due = await countDue(this.#deps.db, 'tag')
    const { state, lastError } = this.task.report()
    if (lastError !== null) return { lane: 'tag', state: 'paused', due, reason: `Tagging failed: ${lastError}` }
    if (this.#off !== null) return { lane: 'tag', state: 'off', due, reason: this.#off }
    return { lane: 'tag', state: state === 'running' ? 'working' : 'idle', due, reason: null }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.task[Symbol.asyncDispose]()
    await this.#prepared?.scorer[Symbol.asyncDispose]()
  }

  async #pass(signal: AbortSignal): Promise<PieceEnd> {
    const { db, log, outages = NO_OUTAGES } = this.#deps
    const space = await this.#deps.servingSpace()
    const embedder = space && (await this.#deps.textEmbedder())
    if (!space || !embedder || embedder.space.name !== space.name) {
      this.#off = 'tags in words wait for an image–text model and the first photos in its space'
      return { held: this.#off }
    }
    this.#off = null
    const prepared = await this.#prepare(space.id, embedder)
    const changed = await expectModel(db, prepared.modelId, step.version, signal)
    if (changed > 0) log.info({ photos: changed, model: prepared.modelId }, 'photos became due for tags by another vocabulary or model')
    await settleUnembedded(db, space.id)
    for (let after = 0; ; ) {
      await outages.over(signal)
      const batch = await readDueVectors(db, space.id, after, BATCH)
      const last = batch.at(-1)
      if (!last) break
      await this.#tag(prepared, batch)
      after = last.id
    }
  }

  async #tag({ modelId, scorer, words, usual, margin }: Prepared, batch: readonly { id: number; vector: string }[]): Promise<void> {
    const startedAt = performance.now()
    const scored = await scorer.score(
      batch.map(({ vector }) => vector),
      usual,
      margin,
      this.task.signal,
    )
    const ms = (performance.now() - startedAt) / batch.length
    const found = new Map<number, FoundTag[]>()
    for (const [index, { id }] of batch.entries())
      found.set(
        id,
        (scored[index] ?? []).map(({ word, score }) => ({ tag: words[word] ?? '', confidence: toConfidence(score, margin) })),
      )
    await this.#deps.db.transaction().execute(async (trx) => {
      const own = new Set(await finishTags(trx, [...found.keys()], modelId, step.version, ms))
      const changed = await replaceWordTags(trx, new Map([...found].filter(([id]) => own.has(id))), modelId)
      if (changed.length > 0) await this.#deps.markDocumentsStale(trx, changed)
    })
    this.#deps.onTagged()
  }

  async #prepare(spaceId: number, embedder: TextEmbedder): Promise<Prepared> {
    const { db, log } = this.#deps
    const vocabulary = makeVocabulary(this.#starting, await readUserWords(db))
    const photos = await countVectors(db, spaceId)
    const generation = CALIBRATIONS.filter((count) => count <= photos).length
    const known = Math.max(generation, await readGeneration(db, spaceId))
    const modelId = `tags/${embedder.info.name}@${embedder.info.version}.${vocabulary.fingerprint}${known}`
    if (this.#prepared?.modelId === modelId) return this.#prepared
    await this.#prepared?.scorer[Symbol.asyncDispose]()
    this.#prepared = undefined

    await this.#encode(spaceId, embedder, vocabulary)
    const rows = new Map((await readSpaceWords(db, spaceId)).map((row) => [row.tag, row]))
    const usable = vocabulary.words.flatMap(({ word, isSaid, threshold }, index) => {
      const row = rows.get(word)
      return row?.vector ? [{ word, isSaid, threshold, isCohort: index < vocabulary.cohort, vector: row.vector, usual: row.usual }] : []
    })
    const { width } = embedder.space
    const vectors = new Float32Array(usable.length * width)
    for (const [index, { vector }] of usable.entries()) vectors.set(vector, index * width)
    const scorer = createTagScorer({ width, vectors, cohort: usable.filter(({ isCohort }) => isCohort).length })
    try {
      const margin = marginFor(usable.filter(({ isSaid }) => isSaid).length)
      let usual: Float32Array = Float32Array.from(usable, (word) => word.usual ?? 0)
      const isMeasured = generation <= (await readGeneration(db, spaceId)) && usable.every((word) => word.usual !== null)
      if (!isMeasured) {
        const sample = generation === 0 ? [] : await sampleVectors(db, spaceId, SAMPLE)
        usual = await scorer.measureUsual(sample, this.task.signal)
        const measured = usable.map(({ word }, index) => ({ tag: word, usual: usual[index] ?? 0, threshold: margin + (usual[index] ?? 0) }))
        await saveCalibration(db, spaceId, measured, known)
        log.info({ words: usable.length, photos: sample.length, margin }, 'tags were calibrated on the library')
      }
      // a person’s threshold stands where that of the measured one would: margin and what is usual together
      const own = usual.map((value, index) => {
        const { isSaid = false, threshold = null } = usable[index] ?? {}
        if (!isSaid) return Number.NaN
        return threshold === null ? value : threshold - margin
      })
      this.#prepared = { modelId, scorer, words: usable.map(({ word }) => word), usual: own, margin }
      return this.#prepared
    } catch (error) {
      await scorer[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The words that are new to the space, a few at a time. A search that comes meanwhile waits for one text at most. */
  async #encode(spaceId: number, embedder: TextEmbedder, vocabulary: Vocabulary): Promise<void> {
    const { signal } = this.task
    const done = new Map((await readSpaceWords(this.#deps.db, spaceId)).map(({ tag, prompt }) => [tag, prompt]))
    const missing = vocabulary.words.filter(({ word, texts }) => done.get(word) !== texts.join('\n'))
    if (missing.length === 0) return
    const encoder = await createWordEncoder(embedder, signal)
    for (let from = 0; from < missing.length; from += WORDS_PER_SAVE) {
      const rows: Parameters<typeof saveSpaceWords>[2][number][] = []
      for (const word of missing.slice(from, from + WORDS_PER_SAVE)) {
        signal.throwIfAborted()
        rows.push({ tag: word.word, prompt: word.texts.join('\n'), vector: await encoder.encode(word) })
      }
      await saveSpaceWords(this.#deps.db, spaceId, rows)
    }
    this.#deps.log.info({ words: missing.length, space: embedder.space.name }, 'words were encoded')
  }
}
