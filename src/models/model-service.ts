/** @file The models of this library: which are there, which one is used for what, getting more, and encoding queries. */
import type { Device } from '../config/device.ts'
import type { CatalogueModel } from '../contract/library.ts'
import type { Capability, ChosenTask, ModelTask } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { ModelInfo, Space, TextEmbedder } from './capability.ts'
import { CATALOGUE, type CatalogueRow, DEFAULT_EMBEDDING_MODEL, type DownloadableModel, downloadBytes } from './catalogue.ts'
import { createDownloads, failureText } from './downloads.ts'
import type { Pace } from './hub-download.ts'
import { checkAccepted, type Installed, installFromFolder } from './install-from-folder.ts'
import { type InstalledModel, listInstalled } from './install-manifest.ts'
import { discard, megabytes } from './install-place.ts'
import { type Choices, type Role, readChoices, readSpeeds, saveChoices, saveSpeed } from './model-store.ts'
import { type OpenedModels, openInstalled } from './opened-models.ts'
import type { EmbeddingModel } from './providers/onnx-embedding/open-embedding-model.ts'
import { MACHINE, reportModel } from './report-model.ts'
import { createServingSpace } from './serving-space.ts'
import { openText, type QueryEncoder } from './text-embedder-cache.ts'
import type { TrialResult } from './trial/protocol.ts'
import { runTrial } from './trial/run-trial.ts'

export interface ActiveModel {
  readonly info: ModelInfo
  readonly space: Space
  readonly folder: string
  /** threads that its measurement on this computer chose; undefined: not measured */
  readonly threads: number | undefined
}

/** Who does a task: what is built in (for tags: the words alone), an installed model, or nobody and why. */
export type ModelChoice =
  | { readonly kind: 'built-in' }
  | { readonly kind: 'installed'; readonly info: ModelInfo; readonly folder: string; readonly threads: number | undefined }
  | { readonly kind: 'missing'; readonly reason: string }

export interface ModelServiceOptions {
  readonly db: Db
  readonly modelDir: string
  readonly hub: string
  readonly download: 'auto' | 'ask' | 'never'
  /** set by configuration; wins over what was chosen by `use` */
  readonly embeddingModel?: string | undefined
  readonly device: Device
  readonly log: (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>) => void
  /** told of every later change of an active model, or of the one that fills its space; not of what is found at creation */
  readonly onChanged: () => void
  /** tests: other rows, other pauses */
  readonly catalogue?: readonly CatalogueRow[]
  readonly pace?: Pace
  readonly retryMs?: readonly number[]
  readonly recountMs?: number
}

export type ModelService = Awaited<ReturnType<typeof createModelService>>

export async function createModelService(options: ModelServiceOptions) {
  const { db, modelDir, device, log } = options
  const catalogue = options.catalogue ?? CATALOGUE
  const defaultName = catalogue.find((row) => row.name === DEFAULT_EMBEDDING_MODEL)?.name ?? catalogue[0]?.name ?? DEFAULT_EMBEDDING_MODEL
  const stop = new AbortController()
  const serving = createServingSpace(db, options.recountMs)
  const choices: Record<ModelTask, Choices> = {
    embedding: await readChoices(db, 'embedding'),
    faces: await readChoices(db, 'faces'),
    tag: await readChoices(db, 'tag'),
    detect: await readChoices(db, 'detect'),
    'cut-out': await readChoices(db, 'cut-out'),
  }
  let opened: OpenedModels = { embeddings: new Map(), others: new Map(), failures: new Map() }
  let current: ActiveModel | null = null
  let next: ActiveModel | null = null
  let text: QueryEncoder | null = null
  let textFailure: unknown
  let deviceNotice: string | null = null
  let turn: Promise<void> = Promise.resolve()
  let known = ''

  const downloads = createDownloads({
    ...options,
    signal: stop.signal,
    onInstalled: (installed) => welcome(installed),
  })
  const configured = options.embeddingModel
  const wanted = () => configured ?? choices.embedding.next ?? choices.embedding.active ?? defaultName
  const findRow = (name: string) => catalogue.find((row) => row.name === name)

  /** an installed embedding model by name; filled with what is installed */
  let activate = (_name: string | undefined): ActiveModel | null => null

  /** Opens what is installed. A model that cannot be opened is as good as none, with the reason kept. */
  const refreshNow = async (): Promise<void> => {
    const speeds = await readSpeeds(db, MACHINE)
    opened = await openInstalled(modelDir, device, (name, notice) => {
      deviceNotice = notice
      log('warn', 'model.device', { model: name, notice })
    })
    activate = (name) => {
      const own = name === undefined ? undefined : opened.embeddings.get(name)
      return own
        ? { info: own.model.info, space: own.model.space, folder: own.folder, threads: speeds.get(own.model.info.id)?.threads ?? undefined }
        : null
    }
    const target = wanted()
    let answering = activate(choices.embedding.active ?? target)
    // what has no vectors, or cannot answer any more, need not be waited for
    const mayWait = answering !== null && (await serving.choose(answering.space.name, [answering.space.name])) !== null
    if (choices.embedding.active !== target && opened.embeddings.has(target) && !mayWait) {
      await saveChoices(db, 'embedding', { active: target, next: null })
      choices.embedding = { ...choices.embedding, active: target, next: undefined }
      answering = activate(target)
    }
    current = answering
    next = current && target !== current.info.name ? activate(target) : null
    chosen = {
      faces: findChoice('faces', speeds),
      tag: findChoice('tag', speeds),
      detect: findChoice('detect', speeds),
      'cut-out': findChoice('cut-out', speeds),
    }
    const state = JSON.stringify([
      current?.info.id,
      next?.info.id,
      chosen,
      [...opened.embeddings.values()].map(({ model }) => model.info.id),
    ])
    if (state === known) return
    const isFirst = known === ''
    known = state
    log('info', 'model.active', {
      embedding: current?.info.id ?? null,
      next: next?.info.id ?? null,
      ...Object.fromEntries(
        Object.entries(chosen).map(([task, choice]) => [task, choice.kind === 'installed' ? choice.info.id : choice.kind]),
      ),
    })
    if (!isFirst) options.onChanged()
  }

  const findChoice = (task: ChosenTask, speeds: Awaited<ReturnType<typeof readSpeeds>>): ModelChoice => {
    const name = choices[task].active
    if (name === undefined || findRow(name)?.kind === 'built-in') return { kind: 'built-in' }
    const own = opened.others.get(name)
    if (own?.task === task)
      return { kind: 'installed', info: own.info, folder: own.folder, threads: speeds.get(own.info.id)?.threads ?? undefined }
    const why = opened.failures.get(name)
    const { what, builtin } = CHOSEN[task]
    return {
      kind: 'missing',
      reason: `the chosen ${what} ${name} cannot be used: ${why === undefined ? 'it is not installed' : describeError(why)}; “fototeca models pull ${name}”, or “fototeca models use ${builtin}” for the built-in one`,
    }
  }
  let chosen: Record<ChosenTask, ModelChoice> = {
    faces: { kind: 'built-in' },
    tag: { kind: 'built-in' },
    detect: { kind: 'built-in' },
    'cut-out': { kind: 'built-in' },
  }

  /** One after the other, so that of two choices the later one holds. */
  const refresh = (): Promise<void> => {
    turn = turn.then(refreshNow, refreshNow)
    return turn
  }

  const choose = async (task: ModelTask, roles: Readonly<Partial<Record<Role, string | null>>>): Promise<void> => {
    await saveChoices(db, task, roles)
    choices[task] = { ...choices[task], ...Object.fromEntries(Object.entries(roles).map(([role, name]) => [role, name ?? undefined])) }
    await refresh()
  }

  /** What arrives while nothing is in use is used: someone asked for it. Faces are always there, so theirs waits to be chosen. */
  const welcome = async ({ model, trial }: Installed): Promise<void> => {
    const { name, task } = model.manifest
    downloads.failures.delete(name)
    if (task === 'embedding' && current === null && configured === undefined && wanted() !== name)
      await choose('embedding', { active: name, next: null })
    else await refresh()
    if (trial) await remember(name, trial)
  }

  /** What the trial measured, kept for this computer and used from the next start of the analyser on. */
  const remember = async (name: string, { msPerPicture, runtime }: TrialResult): Promise<void> => {
    const info = opened.embeddings.get(name)?.model.info ?? opened.others.get(name)?.info
    if (!info) return
    const speed = {
      ms_per_picture: Math.round(msPerPicture * 10) / 10,
      threads: runtime.threads ?? null,
      device: runtime.device,
      at: new Date().toISOString(),
    }
    await saveSpeed(db, MACHINE, info.id, speed)
    await refresh()
  }

  const list = async (): Promise<CatalogueModel[]> => {
    const [installed, speeds] = [await listInstalled(modelDir), await readSpeeds(db, MACHINE)]
    const report = (row: CatalogueRow | null, own: InstalledModel | undefined, name: string): CatalogueModel => {
      const id = opened.embeddings.get(name)?.model.info.id ?? opened.others.get(name)?.info.id
      const isChosen = Object.entries(chosen).some(([task, choice]) =>
        row?.kind === 'built-in'
          ? choice.kind === 'built-in' && row.capabilities.includes(CHOSEN[task as ChosenTask].capability)
          : choice.kind === 'installed' && choice.info.name === name,
      )
      const isActive = current?.info.name === name || isChosen
      return reportModel(name, {
        row, installed: own, downloads, isActive, isNext: next?.info.name === name, deviceNotice, speed: id === undefined ? undefined : speeds.get(id),
      }) // biome-ignore format: a record
    }
    const of = (name: string) => installed.find(({ manifest }) => manifest.name === name)
    const own = installed.filter(({ manifest }) => !findRow(manifest.name))
    return [...catalogue.map((row) => report(row, of(row.name), row.name)), ...own.map((model) => report(null, model, model.manifest.name))]
  }

  const show = async (name: string): Promise<CatalogueModel> => {
    const model = (await list()).find((one) => one.name === name)
    if (!model) throw unknownModel(name, catalogue)
    return model
  }

  const findServing = () =>
    serving.choose(
      current?.space.name ?? null,
      [...opened.embeddings.values()].map(({ model }) => model.space.name),
    )
  const speakerOf = (space: string): EmbeddingModel | undefined =>
    [...opened.embeddings.values()].find(({ model }) => model.space.name === space)?.model

  await refresh()
  return {
    list,
    show,
    async pull(name = wanted(), isAccepted = false): Promise<CatalogueModel> {
      const row = findRow(name)
      if (!row) throw unknownModel(name, catalogue)
      if (row.kind === 'built-in') throw new FototecaError('conflict', `${name} is built in; there is nothing to download`)
      if (options.download === 'never')
        throw new FototecaError(
          'forbidden',
          'downloads are switched off (FOTOTECA_MODEL_DOWNLOAD=never); bring the model with “fototeca models import <folder>”',
        )
      const here = (await listInstalled(modelDir)).find(({ manifest }) => manifest.name === name)
      if (!here || here.damaged.length > 0) {
        checkAccepted(row, isAccepted || here?.manifest.acceptedAt !== undefined)
        downloads.start(row, true)
      }
      return show(name)
    },
    /** @throws FototecaError `model_missing` when it is not installed, `conflict` when the configuration fixes another */
    async checkUsable(name: string): Promise<CatalogueModel> {
      const model = await show(name)
      if (model.task === null && builtinTaskOf(model) === null)
        throw new FototecaError('conflict', `${name} is always in use; there is no other model for what it does to choose between`)
      if (model.task === 'embedding' && configured !== undefined && configured !== name)
        throw new FototecaError('conflict', `the configuration fixes ${configured} (FOTOTECA_EMBEDDING_MODEL); change it there`)
      if (model.state === 'not installed' || model.state === 'downloading')
        throw new FototecaError('model_missing', `${name} is not installed; get it with “fototeca models pull ${name}” first`)
      const why = opened.failures.get(name)
      if (why !== undefined) throw why
      return model
    },
    choose,
    async importFolder(path: string, name?: string, isAccepted = false): Promise<CatalogueModel> {
      const installed = await installFromFolder(path, name, { modelDir, device, signal: stop.signal, catalogue, isAccepted })
      log('info', 'model.installed', { model: installed.model.manifest.name, from: path })
      await welcome(installed)
      return show(installed.model.manifest.name)
    },
    /** Deletes the files of a model that nothing uses. Its space stays until it is dropped. @throws FototecaError `conflict`, `not_found` */
    async remove(name: string): Promise<CatalogueModel | null> {
      const model = await show(name)
      if (model.state === 'active' || model.state === 'filling')
        throw new FototecaError('conflict', `${name} is in use; choose another model for it first (“fototeca models use …”)`)
      if (model.state === 'downloading') throw new FototecaError('conflict', `${name} is being downloaded; wait for it, then delete it`)
      const own = (await listInstalled(modelDir)).find(({ manifest }) => manifest.name === name)
      if (!own) throw new FototecaError('not_found', `${name} has no files here to delete`)
      if (text && speakerOf(text.space)?.info.name === name) {
        void text.close()
        text = null
      }
      await discard(own.folder)
      log('info', 'model.removed', { model: name })
      await refresh()
      return findRow(name) ? show(name) : null
    },
    /** Runs an installed model to see what it costs on this computer. @throws FototecaError `model_missing`, or what is wrong with it */
    async measure(name: string): Promise<CatalogueModel> {
      const own = (await listInstalled(modelDir)).find(({ manifest }) => manifest.name === name)
      if (!own) throw new FototecaError('model_missing', `${name} is not installed; there is nothing to measure`)
      await remember(name, await runTrial(own.manifest.task, own.folder, device, stop.signal))
      return show(name)
    },
    active: (): ActiveModel | null => current,
    /** the model whose space is to be filled before it answers; null when there is none */
    next: (): ActiveModel | null => next,
    previous: (): string | null => choices.embedding.previous ?? null,
    chosen: (task: ChosenTask): ModelChoice => chosen[task],
    /** an embedding model that is installed, whether it answers searches or not */
    installed: (name: string): ActiveModel | null => activate(name),
    /** folders of installed models by name, whatever their task */
    folderOf: (name: string): { folder: string; task: ModelTask } | null => {
      const embedding = opened.embeddings.get(name)
      const other = opened.others.get(name)
      return embedding ? { folder: embedding.folder, task: 'embedding' } : other ? { folder: other.folder, task: other.task } : null
    },
    /** name of the installed model that speaks this space; null when none does */
    modelOfSpace: (space: string): string | null => speakerOf(space)?.info.name ?? null,
    /** The space searches look into now. Null before the first vector. */
    servingSpace: findServing,
    /** The text tower of the serving space (else of the active model), loaded at the first call and kept; null while there is no model. */
    async textEmbedder(): Promise<TextEmbedder | null> {
      const space = (await findServing())?.name ?? current?.space.name
      const model = space === undefined ? undefined : speakerOf(space)
      if (space === undefined || !model) return null
      if (text?.space !== space) {
        void text?.close()
        text = openText(model)
      }
      const own = text
      try {
        const embedder = await own.embedder
        textFailure = undefined
        return embedder
      } catch (error) {
        if (text === own) text = null // memory may be free or the file mended at the next search
        textFailure = error
        log('warn', 'model.text.failed', { reason: describeError(error) })
        return null
      }
    },
    /** Why search by meaning waits and what to do; null when it does not. */
    notice(): string | null {
      const name = wanted()
      if (current) return textFailure === undefined ? null : `search by meaning does not work: ${describeError(textFailure)}`
      const download = downloads.current()
      if (download) return `search by meaning waits for a model: ${download.name} is being downloaded (${download.text})`
      const failure = downloads.failures.get(name)
      const broken = opened.failures.get(choices.embedding.active ?? name)
      if (failure) return `search by meaning waits for a model: ${failureText(failure)}`
      if (broken !== undefined) return `search by meaning waits for a model: ${describeError(broken)}`
      const row = findRow(defaultName)
      const size = row?.kind === 'download' ? `, ${megabytes(downloadBytes(row))}` : ''
      return `search by meaning waits for a model: get one with “fototeca models pull” (${defaultName}${size}) or bring one with “fototeca models import <folder>”`
    },
    /** With `download: 'auto'`: gets the wanted model in the background, now and again later while the hub is out of reach. */
    startAutoDownload(): void {
      if (options.download !== 'auto') return
      downloads.auto((): DownloadableModel | null => {
        const row = findRow(wanted())
        return current === null && row?.kind === 'download' ? row : null
      })
    },
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort()
      await downloads.close()
      await text?.close()
    },
  }
}

/** What may be chosen of each: its name for a person, what is built in, and the capability both have. */
const CHOSEN = {
  faces: { what: 'face model', builtin: 'face-api', capability: 'find-faces' },
  tag: { what: 'tagger', builtin: 'words', capability: 'tag' },
  detect: { what: 'detector', builtin: 'centernet', capability: 'find-objects' },
  'cut-out': { what: 'cutter', builtin: 'plain-background', capability: 'cut-out' },
} as const satisfies Record<ChosenTask, { what: string; builtin: string; capability: Capability }>

/** The task whose built-in model this is; null where there is nothing to choose between. */
export function builtinTaskOf(model: Pick<CatalogueModel, 'capabilities'>): ChosenTask | null {
  const found = Object.entries(CHOSEN).find(([, { capability }]) => model.capabilities.includes(capability))
  return found ? (found[0] as ChosenTask) : null
}

function unknownModel(name: string, catalogue: readonly CatalogueRow[]): FototecaError {
  const names = catalogue.filter((row) => row.kind === 'download').map((row) => row.name)
  return new FototecaError(
    'not_found',
    `there is no model named ${name}; known are ${names.join(', ')}, or bring your own with “fototeca models import <folder>”`,
  )
}
