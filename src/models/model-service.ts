/** @file The models of this library: which are there, which one is used for what, getting more, and encoding queries. */
import type { Device } from '../config/device.ts'
import type { CatalogueModel } from '../contract/library.ts'
import { BASIC_MEANING_LABEL } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import { CATALOGUE, DEFAULT_EMBEDDING_MODEL } from './catalogue/catalogue.ts'
import type { BuiltInModel, CatalogueRow, DownloadableModel } from './catalogue/catalogue-row.ts'
import { type ActiveModel, createActiveModels } from './chosen/active-models.ts'
import { builtinTaskOf } from './chosen/chosen-tasks.ts'
import { keepMeasured } from './chosen/keep-measured.ts'
import { readSpeeds, readStepTimes, type StepTime, saveSpeed, stepTimeKey } from './chosen/model-store.ts'
import { MACHINE, reportModel } from './chosen/report-model.ts'
import { type Accepted, createDownloads, type DownloadsOptions } from './install/downloads.ts'
import type { Pace } from './install/hub-download.ts'
import { checkAccepted, type Installed, installFromFolder } from './install/install-from-folder.ts'
import { type InstalledModel, listInstalled } from './install/install-manifest.ts'
import { discard } from './install/install-place.ts'
import { type Pin, readPin, writePin } from './install/pin.ts'
import type { StepCapability, TextEmbedder } from './ports/capability.ts'
import { BASIC_TERMS } from './providers/builtin-meaning/index.ts'
import { BUILTIN_INFO } from './registry.ts'
import type { BasicChoice } from './spaces/basic-meaning.ts'
import { createQueryTower } from './spaces/query-tower.ts'
import { createServingSpace } from './spaces/serving-space.ts'
import { type Obstacle, tellOwner, tellSearcher } from './spaces/why-no-meaning.ts'
import type { TrialResult } from './trial/protocol.ts'
import { runTrial } from './trial/run-trial.ts'

export interface ModelServiceOptions {
  readonly db: Db
  readonly modelDir: string
  readonly hub: string
  readonly download: 'auto' | 'ask' | 'never'
  /** set by configuration; wins over what was chosen by `use` */
  readonly embeddingModel?: string | undefined
  /** the built-in embedding model; default: off */
  readonly basic?: BasicChoice
  readonly device: Device
  readonly log: (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>) => void
  /** told of every later change of an active model, or of the one that fills its space; not of what is found at creation */
  readonly onChanged: () => void
  /** see `DownloadsOptions` */
  readonly alone?: DownloadsOptions['alone']
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
  const findRow = (name: string) => catalogue.find((row) => row.name === name)
  const taskOf = (name: string) => {
    const row = findRow(name)
    return row?.kind === 'download' ? row.task : null
  }
  const configured = options.embeddingModel
  const basic = options.basic ?? { kind: 'off' }
  if (basic.kind === 'broken') log('warn', 'model.basic.failed', { reason: describeError(basic.error) })
  const stop = new AbortController()
  const serving = createServingSpace(db, options.recountMs)
  const active = await createActiveModels({
    ...{ db, modelDir, device, configured, defaultName, serving, log },
    isBuiltIn: (name) => findRow(name)?.kind === 'built-in',
    basic: basic.kind === 'on' ? basic : null,
    onChanged: options.onChanged,
  })
  const queryTower = createQueryTower((reason) => log('warn', 'model.text.failed', { reason }))
  const downloads = createDownloads({ ...options, signal: stop.signal, onInstalled: (installed) => welcome(installed) })

  /** What arrives while nothing is in use is used: someone asked for it. Faces are always there, so theirs waits to be chosen. */
  const welcome = async ({ model, trial }: Installed): Promise<void> => {
    const { name, task } = model.manifest
    downloads.failures.delete(name)
    const isAwaited = task === 'embedding' && configured === undefined && active.wanted() !== name
    if (isAwaited && active.current() === null) await active.choose('embedding', { active: name, next: null })
    else if (isAwaited && isBasic(active.current())) await active.choose('embedding', { next: name })
    else await active.refresh()
    if (trial) await remember(name, trial)
  }

  /** What the trial measured, kept for this computer and used from the next start of the analyser on. */
  const remember = async (name: string, { msPerPicture, runtime }: TrialResult): Promise<void> => {
    const id = active.idOf(name)
    if (id === undefined) return
    const speed = {
      ms_per_picture: Math.round(msPerPicture * 10) / 10,
      threads: runtime.threads ?? null,
      batch: runtime.batch ?? null,
      device: runtime.device,
      at: new Date().toISOString(),
    }
    await saveSpeed(db, MACHINE, id, speed)
    await active.refresh()
  }

  const list = async (): Promise<CatalogueModel[]> => {
    const [installed, speeds, times] = [await listInstalled(modelDir), await readSpeeds(db, MACHINE), await readStepTimes(db)]
    const pins = await readPins(modelDir, catalogue)
    const report = (row: CatalogueRow | null, own: InstalledModel | undefined, name: string): CatalogueModel => {
      const id = active.idOf(name)
      const isChosen = active.isChosen(name, row?.kind === 'built-in' ? row.capabilities : null)
      return reportModel(name, {
        row,
        installed: own,
        pin: pins.get(name) ?? null,
        downloads,
        isActive: active.current()?.info.name === name || isChosen,
        isNext: active.next()?.info.name === name,
        deviceNotice: active.deviceNotice(),
        speed: id === undefined ? undefined : speeds.get(id),
        stepTime: row?.kind === 'built-in' ? timeOf(row, times) : undefined,
      })
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

  /** Runs an installed model to see what it costs on this computer. @throws FototecaError `model_missing`, or what is wrong with it */
  const measure = async (name: string): Promise<CatalogueModel> => {
    const own = (await listInstalled(modelDir)).find(({ manifest }) => manifest.name === name)
    if (!own) throw new FototecaError('model_missing', `${name} is not installed; there is nothing to measure`)
    await remember(name, await runTrial(own.manifest.task, own.folder, device, stop.signal))
    return show(name)
  }

  /** What keeps search by meaning from working. */
  const findObstacle = (): Obstacle | null => {
    const broken = active.current() ? queryTower.failure() : undefined
    if (active.current()) return broken === undefined ? null : { kind: 'broken', error: broken }
    const download = downloads.find((name) => taskOf(name) === 'embedding')
    if (download) return { kind: 'downloading', ...download }
    const failure = downloads.failures.get(active.wanted())
    if (failure) return { kind: 'download-failed', failure }
    const unopened = active.failureOf(active.embeddingChoices().active ?? active.wanted())
    if (unopened !== undefined) return { kind: 'unopened', error: unopened }
    const row = findRow(defaultName)
    return { kind: 'none', name: defaultName, row: row?.kind === 'download' ? row : null, basic }
  }
  const tell = (inWords: (obstacle: Obstacle) => string): string | null => {
    const obstacle = findObstacle()
    return obstacle && inWords(obstacle)
  }

  const findServing = () => serving.choose(active.current()?.space.name ?? null, active.spokenSpaces())

  return {
    list,
    show,
    async pull(name = active.wanted(), { isAccepted = false, isChangeAccepted = false }: Accepted = {}): Promise<CatalogueModel> {
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
        downloads.start(row, { isAccepted: true, isChangeAccepted })
      }
      return show(name)
    },
    /** @throws FototecaError `model_missing` when it is not installed, `conflict` when the configuration fixes another */
    async checkUsable(name: string): Promise<CatalogueModel> {
      const model = await show(name)
      if (model.task === null && builtinTaskOf(model) === null && !isBasic(active.installed(name)))
        throw new FototecaError('conflict', `${name} is always in use; there is no other model for what it does to choose between`)
      if (model.task === 'embedding' && configured !== undefined && configured !== name)
        throw new FototecaError('conflict', `the configuration fixes ${configured} (FOTOTECA_EMBEDDING_MODEL); change it there`)
      if (model.state === 'not installed' || model.state === 'downloading')
        throw new FototecaError('model_missing', `${name} is not installed; get it with “fototeca models pull ${name}” first`)
      const why = active.failureOf(name)
      if (why !== undefined) throw why
      return model
    },
    choose: active.choose,
    /** What another process chose, installed or removed is in use here too. */
    reload: active.reload,
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
      const spoken = queryTower.space()
      if (spoken !== null && active.speakerOf(spoken)?.info.name === name) void queryTower.close()
      await writePin(modelDir, own.manifest)
      await discard(own.folder)
      log('info', 'model.removed', { model: name })
      await active.refresh()
      return findRow(name) ? show(name) : null
    },
    measure,
    active: active.current,
    /** the model whose space is to be filled before it answers; null when there is none */
    next: active.next,
    /** why models run on the CPU although another device was asked for; null when they run as asked */
    deviceNotice: active.deviceNotice,
    previous: (): string | null => active.embeddingChoices().previous ?? null,
    chosen: active.chosen,
    /** an embedding model that is installed, whether it answers searches or not */
    installed: active.installed,
    folderOf: active.folderOf,
    /** name of the installed model that speaks this space; null when none does */
    modelOfSpace: (space: string): string | null => active.speakerOf(space)?.info.name ?? null,
    /** The space searches look into now. Null before the first vector. */
    servingSpace: findServing,
    /** The same where a model of its own answers: the built-in one finds by words, and says nothing of tags, copies or topics. */
    async modelledSpace() {
      const serving = await findServing()
      return serving && !isBasic(active.installed(active.speakerOf(serving.name)?.info.name ?? '')) ? serving : null
    },
    /** The text tower of the serving space (else of the active model), loaded at the first call and kept; null while there is no model. */
    async textEmbedder(): Promise<TextEmbedder | null> {
      const space = (await findServing())?.name ?? active.current()?.space.name
      const model = space === undefined ? undefined : active.speakerOf(space)
      return model ? queryTower.open(model) : null
    },
    /** how often the vector of a query was there already */
    encodedUse: () => queryTower.use,
    /** Why search by meaning waits and what to do; null when it does not. */
    notice: (): string | null => tell(tellOwner),
    /** As `notice`, in a plain sentence for somebody who searches; the Models page and `/health` say the rest. */
    shortNotice: (): string | null => tell(tellSearcher),
    /** What is to be known of the model in use before the first photo comes. */
    firstNotice: (): string[] => (isBasic(active.current()) ? [`Search by meaning is ${BASIC_MEANING_LABEL}. ${BASIC_TERMS}`] : []),
    /** With `download: 'auto'`: gets the wanted model in the background, now and again later while the hub is out of reach. */
    startAutoDownload(): void {
      if (options.download !== 'auto') return
      downloads.auto((): DownloadableModel | null => {
        const row = findRow(active.wanted())
        return (active.current() === null || isBasic(active.current())) && row?.kind === 'download' ? row : null
      })
    },
    /** Measures models in use that were not measured on this computer as it is now, whenever nothing else runs. */
    startMeasuring(isBusy: () => boolean): void {
      void keepMeasured({ unmeasured: active.unmeasured, measure, isBusy, log, signal: stop.signal })
    },
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort()
      await downloads.close()
      await queryTower.close()
    },
  }
}

/** Of the step a built-in model does, by this model alone. */
function timeOf({ step, capabilities }: BuiltInModel, times: ReadonlyMap<string, StepTime>): StepTime | undefined {
  if (step === null) return undefined
  const capability = capabilities.find((one) => one in BUILTIN_INFO) as StepCapability | undefined
  return times.get(stepTimeKey(step, capability === undefined ? null : (BUILTIN_INFO[capability]?.id ?? null)))
}

/** A record that cannot be read is told when its model is downloaded. */
async function readPins(modelDir: string, catalogue: readonly CatalogueRow[]): Promise<Map<string, Pin | null>> {
  const rows = catalogue.filter((row) => row.kind === 'download')
  return new Map(await Promise.all(rows.map(async (row) => [row.name, await readPin(modelDir, row).catch(() => null)] as const)))
}

const isBasic = (model: ActiveModel | null): boolean => model?.folder === null

function unknownModel(name: string, catalogue: readonly CatalogueRow[]): FototecaError {
  const names = catalogue.filter((row) => row.kind === 'download').map((row) => row.name)
  return new FototecaError(
    'not_found',
    `there is no model named ${name}; known are ${names.join(', ')}, or bring your own with “fototeca models import <folder>”`,
  )
}
