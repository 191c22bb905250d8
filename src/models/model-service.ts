/** @file The embedding models of this library: which are there, which one is used, getting more, and encoding queries with it. */
import type { CatalogueModel } from '../contract/library.ts'
import type { Db } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { ModelInfo, Space, TextEmbedder } from './capability.ts'
import { CATALOGUE, type CatalogueRow, DEFAULT_EMBEDDING_MODEL, downloadBytes, findRow } from './catalogue.ts'
import { PACE, type Pace } from './hub-download.ts'
import { installFromFolder } from './install-from-folder.ts'
import { type InstallProgress, installFromHub } from './install-from-hub.ts'
import { type InstalledModel, listInstalled } from './install-manifest.ts'
import { megabytes } from './install-place.ts'
import { readChosenModel, saveChosenModel } from './model-store.ts'
import { type EmbeddingModel, openEmbeddingModel } from './providers/onnx-embedding/open-embedding-model.ts'
import type { Device } from './providers/onnx-embedding/session.ts'
import { createServingSpace } from './serving-space.ts'
import { rememberQueries } from './text-embedder-cache.ts'

export interface ActiveModel {
  readonly info: ModelInfo
  readonly space: Space
  readonly folder: string
}

export interface ModelServiceOptions {
  readonly db: Db
  readonly modelDir: string
  readonly hub: string
  readonly download: 'auto' | 'ask' | 'never'
  /** set by configuration; wins over what was chosen by `use` */
  readonly embeddingModel?: string | undefined
  readonly device: Device
  readonly log: (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>) => void
  /** told of every later change, not of the model found at creation (see `active`) */
  readonly onActiveChanged: (active: ActiveModel | null) => void
  /** tests: other rows, other pauses */
  readonly catalogue?: readonly CatalogueRow[]
  readonly pace?: Pace
  readonly retryMs?: readonly number[]
  readonly recountMs?: number
}

export interface ModelService extends AsyncDisposable {
  list(): Promise<CatalogueModel[]>
  /** Starts or continues a download and answers at once; progress shows in `list`. @throws FototecaError `not_found`, `conflict`, `forbidden` */
  pull(name?: string): Promise<CatalogueModel>
  /** @throws FototecaError `model_missing` when it is not installed, `conflict` when the configuration fixes another */
  use(name: string): Promise<CatalogueModel>
  importFolder(path: string, name?: string): Promise<CatalogueModel>
  active(): ActiveModel | null
  /** The space searches look into now: the active model's, or the one before it while that one is fuller. Null before the first vector. */
  servingSpace(): Promise<{ readonly id: number; readonly name: string } | null>
  /** The text tower of the serving space (else of the active model), loaded at the first call and kept; null while there is no model. */
  textEmbedder(): Promise<TextEmbedder | null>
  /** Why search by meaning waits and what to do; null when it does not. */
  notice(): string | null
  /** With `download: 'auto'`: gets the wanted model in the background, now and again later while the hub is out of reach. */
  startAutoDownload(): void
}

interface Download {
  progress: InstallProgress | null
  readonly finished: Promise<void>
}

/** Pauses of the automatic download: a router that restarts, a laptop that wakes up, a hub that is down for a day. */
const RETRY_MS = [30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000] as const

export async function createModelService(options: ModelServiceOptions): Promise<ModelService> {
  const { db, modelDir, hub, device, log, onActiveChanged } = options
  const catalogue = options.catalogue ?? CATALOGUE
  const defaultName = catalogue.find((row) => row.name === DEFAULT_EMBEDDING_MODEL)?.name ?? catalogue[0]?.name ?? DEFAULT_EMBEDDING_MODEL
  const retryMs = options.retryMs ?? RETRY_MS
  const stop = new AbortController()
  const downloads = new Map<string, Download>()
  const failures = new Map<string, { error: unknown; nextTry: Date | null }>()
  let chosen = await readChosenModel(db)
  let current: { model: EmbeddingModel; active: ActiveModel } | null = null
  /** every installed model that can be opened, by the name of its space */
  let speakers = new Map<string, EmbeddingModel>()
  const serving = createServingSpace(db, options.recountMs)
  let text: { readonly space: string; readonly embedder: Promise<TextEmbedder> } | null = null
  let retryTimer: NodeJS.Timeout | undefined
  let retries = 0
  let deviceNotice: string | null = null
  let turn: Promise<void> = Promise.resolve()
  let isCreated = false

  const wanted = () => options.embeddingModel ?? chosen ?? defaultName

  /** Opens the wanted model if it is installed. A model that cannot be opened is as good as none, with the reason kept. */
  const refreshNow = async (): Promise<void> => {
    const name = wanted()
    let next: typeof current = null
    const opened = new Map<string, EmbeddingModel>()
    for (const { folder, manifest, damaged } of await listInstalled(modelDir)) {
      const isWanted = manifest.name === name
      try {
        if (damaged.length > 0) throw damagedModel(folder, name, damaged)
        const model = await openEmbeddingModel(folder, {
          device,
          onNotice(notice) {
            deviceNotice = notice
            log('warn', 'model.device', { model: manifest.name, notice })
          },
        })
        opened.set(model.space.name, model)
        if (isWanted) next = { model, active: { info: model.info, space: model.space, folder } }
      } catch (error) {
        if (isWanted) failures.set(name, { error, nextTry: null })
      }
    }
    speakers = opened
    if (next?.active.info.id === current?.active.info.id) return
    current = next
    log('info', 'model.active', { model: next?.active.info.id ?? null })
    if (isCreated) onActiveChanged(next?.active ?? null)
  }

  /** One after the other, so that of two choices the later one holds. */
  const refresh = (): Promise<void> => {
    turn = turn.then(refreshNow, refreshNow)
    return turn
  }

  const findServing = () => serving.choose(current?.active.space.name ?? null, new Set(speakers.keys()))

  const choose = async (name: string): Promise<void> => {
    await saveChosenModel(db, name)
    chosen = name
    await refresh()
  }

  /** What arrives while nothing is in use is used: someone asked for it. */
  const adopt = async (name: string): Promise<void> => {
    failures.delete(name)
    if (current === null && options.embeddingModel === undefined && wanted() !== name) await choose(name)
    else await refresh()
  }

  const startDownload = (row: CatalogueRow & { kind: 'download' }): Download => {
    const running = downloads.get(row.name)
    if (running) return running
    failures.delete(row.name)
    log('info', 'model.download', { model: row.name, repo: row.repo, licence: row.licence })
    const work = async (): Promise<void> => {
      try {
        const { manifest } = await installFromHub(row, {
          hub,
          modelDir,
          pace: options.pace ?? PACE,
          device,
          signal: stop.signal,
          onProgress: (progress) => {
            download.progress = progress
          },
        })
        downloads.delete(row.name)
        log('info', 'model.installed', { model: row.name, bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0) })
        await adopt(row.name)
      } catch (error) {
        downloads.delete(row.name)
        if (stop.signal.aborted) return
        failures.set(row.name, { error, nextTry: null })
        log('warn', 'model.download.failed', { model: row.name, reason: describeError(error) })
      }
    }
    const download: Download = { progress: null, finished: Promise.resolve().then(work) }
    downloads.set(row.name, download)
    return download
  }

  const autoDownload = async (): Promise<void> => {
    const row = findIn(catalogue, wanted())
    if (current !== null || row?.kind !== 'download' || stop.signal.aborted) return
    await startDownload(row).finished
    const failure = failures.get(row.name)
    if (!failure || stop.signal.aborted || !mayPass(failure.error)) return
    const pauseMs = retryMs[Math.min(retries++, retryMs.length - 1)] ?? 3_600_000
    failures.set(row.name, { ...failure, nextTry: new Date(Date.now() + pauseMs) })
    retryTimer = setTimeout(() => void autoDownload(), pauseMs).unref()
  }

  const report = (row: CatalogueRow | null, installed: InstalledModel | undefined, name: string): CatalogueModel => {
    const download = downloads.get(name)
    const failure = failures.get(name)
    const isActive = current !== null && current.model.info.name === name
    const isHere = installed !== undefined && installed.damaged.length === 0
    const notes = [
      row?.note ?? installed?.manifest.note,
      download ? progressText(download.progress) : null,
      failure ? failureText(failure) : null,
      isActive ? deviceNotice : null,
    ].filter((note) => note !== null && note !== undefined && note !== '')
    return {
      name,
      capabilities: [...(row?.capabilities ?? (['embed-image', 'embed-text'] as const))],
      width: installed?.manifest.width ?? row?.width ?? null,
      download_bytes: row?.kind === 'download' ? downloadBytes(row) : null,
      licence: installed?.manifest.licence ?? row?.licence ?? '',
      state:
        row?.kind === 'built-in' ? 'built-in' : download ? 'downloading' : isActive ? 'active' : isHere ? 'installed' : 'not installed',
      progress: download
        ? download.progress
          ? Math.min(1, download.progress.bytesDone / Math.max(1, download.progress.bytesTotal))
          : 0
        : null,
      notice: notes.join('. ') || null,
    }
  }

  const list = async (): Promise<CatalogueModel[]> => {
    const installed = await listInstalled(modelDir)
    const of = (name: string) => installed.find(({ manifest }) => manifest.name === name)
    const known = catalogue.map((row) => report(row, of(row.name), row.name))
    const own = installed
      .filter(({ manifest }) => !findIn(catalogue, manifest.name))
      .map((model) => report(null, model, model.manifest.name))
    return [...known, ...own]
  }

  const show = async (name: string): Promise<CatalogueModel> => {
    const model = (await list()).find((known) => known.name === name)
    if (!model) throw unknownModel(name, catalogue)
    return model
  }

  await refresh()
  isCreated = true
  return {
    list,
    async pull(name = wanted()) {
      const row = findIn(catalogue, name)
      if (!row) throw unknownModel(name, catalogue)
      if (row.kind === 'built-in') throw new FototecaError('conflict', `${name} is built in; there is nothing to download`)
      if (options.download === 'never')
        throw new FototecaError(
          'forbidden',
          'downloads are switched off (FOTOTECA_MODEL_DOWNLOAD=never); bring the model with “fototeca models import <folder>”',
        )
      const here = (await listInstalled(modelDir)).find(({ manifest }) => manifest.name === name)
      if (!here || here.damaged.length > 0) startDownload(row)
      return show(name)
    },
    async use(name) {
      const model = await show(name)
      if (!model.capabilities.includes('embed-image') || model.state === 'built-in')
        throw new FototecaError('conflict', `${name} is no image–text embedding model`)
      if (options.embeddingModel !== undefined && options.embeddingModel !== name)
        throw new FototecaError('conflict', `the configuration fixes ${options.embeddingModel} (FOTOTECA_EMBEDDING_MODEL); change it there`)
      if (model.state !== 'installed' && model.state !== 'active')
        throw new FototecaError('model_missing', `${name} is not installed; get it with “fototeca models pull ${name}” first`)
      await choose(name)
      return show(name)
    },
    async importFolder(path, name) {
      const { manifest } = await installFromFolder(path, name, { modelDir, device, signal: stop.signal })
      log('info', 'model.installed', { model: manifest.name, from: path })
      await adopt(manifest.name)
      return show(manifest.name)
    },
    active: () => current?.active ?? null,
    servingSpace: findServing,
    async textEmbedder() {
      const space = (await findServing())?.name ?? current?.active.space.name
      const model = space === undefined ? undefined : speakers.get(space)
      if (space === undefined || !model) return null
      if (text?.space !== space) {
        void closeText(text)
        text = { space, embedder: openText(model) }
      }
      const own = text
      try {
        const embedder = await own.embedder
        failures.delete(model.info.name)
        return embedder
      } catch (error) {
        if (text === own) text = null // memory may be free or the file mended at the next search
        failures.set(model.info.name, { error, nextTry: null })
        log('warn', 'model.text.failed', { reason: describeError(error) })
        return null
      }
    },
    notice() {
      const name = wanted()
      const failure = failures.get(name)
      if (current) return failure ? `search by meaning does not work: ${describeError(failure.error)}` : null
      const download = [...downloads.entries()][0]
      if (download) return `search by meaning waits for a model: ${download[0]} is being downloaded (${progressText(download[1].progress)})`
      if (failure) return `search by meaning waits for a model: ${failureText(failure)}`
      const row = findRow(defaultName) ?? findIn(catalogue, defaultName)
      const size = row?.kind === 'download' ? `, ${megabytes(downloadBytes(row))}` : ''
      return `search by meaning waits for a model: get one with “fototeca models pull” (${defaultName}${size}) or bring one with “fototeca models import <folder>”`
    },
    startAutoDownload() {
      if (options.download === 'auto') void autoDownload()
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(retryTimer)
      stop.abort()
      await Promise.allSettled([...downloads.values()].map(({ finished }) => finished))
      await closeText(text)
    },
  }
}

function damagedModel(folder: string, name: string, damaged: readonly string[]): FototecaError {
  return new FototecaError('model_missing', `${folder} is damaged (${damaged.join(', ')}); “fototeca models pull ${name}” mends it`)
}

async function closeText(text: { readonly embedder: Promise<TextEmbedder> } | null): Promise<void> {
  await text?.embedder.then((embedder) => embedder[Symbol.asyncDispose]()).catch(() => {}) // it may never have opened
}

/** Loaded and run once, so that the first search does not pay for it twice. */
async function openText(model: EmbeddingModel): Promise<TextEmbedder> {
  const embedder = model.text()
  try {
    await embedder.embedText('a photo')
    return rememberQueries(embedder)
  } catch (error) {
    await embedder[Symbol.asyncDispose]()
    throw error
  }
}

function findIn(catalogue: readonly CatalogueRow[], name: string): CatalogueRow | undefined {
  return catalogue.find((row) => row.name === name)
}

function unknownModel(name: string, catalogue: readonly CatalogueRow[]): FototecaError {
  const names = catalogue.filter((row) => row.kind === 'download').map((row) => row.name)
  return new FototecaError(
    'not_found',
    `there is no model named ${name}; known are ${names.join(', ')}, or bring your own with “fototeca models import <folder>”`,
  )
}

/** What another try can mend without anyone's help. Wrong bytes are not: another gigabyte of them helps nobody. */
function mayPass(error: unknown): boolean {
  return error instanceof FototecaError && ['hub_unreachable', 'timed_out', 'disk_full', 'unavailable'].includes(error.code)
}

function failureText({ error, nextTry }: { error: unknown; nextTry: Date | null }): string {
  const again = nextTry ? `. Next try at ${nextTry.toISOString().slice(11, 16)} UTC` : ''
  return `${describeError(error)}${again}`
}

function progressText(progress: InstallProgress | null): string {
  if (!progress) return 'starting'
  const { bytesDone, bytesTotal, bytesPerSecond } = progress
  const percent = Math.floor((100 * bytesDone) / Math.max(1, bytesTotal))
  const rate = bytesPerSecond
    ? `, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s, ${Math.ceil((bytesTotal - bytesDone) / bytesPerSecond)} s left`
    : ''
  return `${percent} % of ${megabytes(bytesTotal)}${rate}`
}
