/** @file Which installed model does what: what was chosen, opened far enough to know who it is, and kept up to date as models come and go. */
import type { Device } from '../../config/device.ts'
import { BASIC_MEANING, type ChosenTask, type ModelTask } from '../../contract/words.ts'
import type { Db } from '../../db/client.ts'
import { describeError } from '../../domain/errors.ts'
import { probeDevice } from '../onnx/probe-device.ts'
import type { ModelInfo, Space } from '../ports/capability.ts'
import type { ServingSpace } from '../spaces/serving-space.ts'
import { CHOSEN } from './chosen-tasks.ts'
import { type Choices, type Role, readChoices, readSpeeds, type Speed, saveChoices } from './model-store.ts'
import { type OpenedModels, openInstalled, type SpeakingModel } from './opened-models.ts'
import { MACHINE } from './report-model.ts'

export interface ActiveModel {
  readonly info: ModelInfo
  readonly space: Space
  /** null: built in */
  readonly folder: string | null
  /** threads and pictures in a run that its measurement on this computer chose; undefined: not measured */
  readonly threads: number | undefined
  readonly batch: number | undefined
}

/** Who does a task: what is built in (for tags: the words alone), an installed model, or nobody and why. */
export type ModelChoice =
  | { readonly kind: 'built-in' }
  | { readonly kind: 'installed'; readonly info: ModelInfo; readonly folder: string; readonly threads: number | undefined }
  | { readonly kind: 'missing'; readonly reason: string }

export interface ActiveModelsDeps {
  readonly db: Db
  readonly modelDir: string
  readonly device: Device
  /** set by configuration; wins over what was chosen by `use` */
  readonly configured: string | undefined
  /** of the catalogue, where nothing was chosen */
  readonly defaultName: string
  readonly isBuiltIn: (name: string) => boolean
  /** the built-in embedding model, where it may be used: it answers until another is there, or for good (`isOnly`) */
  readonly basic: { readonly model: SpeakingModel; readonly isOnly: boolean } | null
  readonly serving: ServingSpace
  readonly log: (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>) => void
  /** told of every later change of an active model, of the one that fills its space, and of what is installed; not of what is found at creation */
  readonly onChanged: () => void
}

export async function createActiveModels(deps: ActiveModelsDeps) {
  const { db, modelDir, device, configured, serving, log } = deps
  const readAll = async (): Promise<Record<ModelTask, Choices>> => ({
    embedding: await readChoices(db, 'embedding'),
    faces: await readChoices(db, 'faces'),
    tag: await readChoices(db, 'tag'),
    detect: await readChoices(db, 'detect'),
    'cut-out': await readChoices(db, 'cut-out'),
  })
  let choices = await readAll()
  let opened: OpenedModels = { embeddings: new Map(), others: new Map(), failures: new Map() }
  let current: ActiveModel | null = null
  let next: ActiveModel | null = null
  let chosen: Record<ChosenTask, ModelChoice> = {
    faces: { kind: 'built-in' },
    tag: { kind: 'built-in' },
    detect: { kind: 'built-in' },
    'cut-out': { kind: 'built-in' },
  }
  let deviceNotice = await probeDevice(device)
  if (deviceNotice !== null) log('warn', 'model.device', { device, notice: deviceNotice })
  let unmeasured: readonly string[] = []
  let turn: Promise<void> = Promise.resolve()
  let known = ''

  const basic = deps.basic?.model ?? null
  const isOnlyBasic = deps.basic?.isOnly === true
  // a choice of the built-in one rests while it is switched off
  const chosenAs = (role: Role): string | undefined => {
    const name = choices.embedding[role]
    return name === BASIC_MEANING && basic === null ? undefined : name
  }
  const wanted = () => (isOnlyBasic ? BASIC_MEANING : (configured ?? chosenAs('next') ?? chosenAs('active') ?? deps.defaultName))

  /** an installed embedding model by name; filled with what is installed */
  let activate = (_name: string | undefined): ActiveModel | null => null

  /** Opens what is installed. A model that cannot be opened is as good as none, with the reason kept. */
  const refreshNow = async (): Promise<void> => {
    const speeds = await readSpeeds(db, MACHINE)
    const onNotice = (name: string, notice: string) => {
      deviceNotice = notice
      log('warn', 'model.device', { model: name, notice })
    }
    opened = await openInstalled(modelDir, device, onNotice, basic)
    activate = (name) => {
      const own = name === undefined ? undefined : opened.embeddings.get(name)
      if (!own) return null
      const { info, space } = own.model
      const speed = speeds.get(info.id)
      return { info, space, folder: own.folder, threads: speed?.threads ?? undefined, batch: speed?.batch ?? undefined }
    }
    const target = wanted()
    // where none was chosen, the built-in one answers until another has its space full
    let answering = activate(isOnlyBasic ? target : (chosenAs('active') ?? basic?.info.name ?? target))
    // what has no vectors, or cannot answer any more, need not be waited for
    const mayWait = answering !== null && (await serving.choose(answering.space.name, [answering.space.name])) !== null
    if (choices.embedding.active !== target && opened.embeddings.has(target) && !mayWait && target !== BASIC_MEANING) {
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
    unmeasured = [current, next, ...Object.values(chosen)].flatMap((one) => {
      if (one === null || ('kind' in one && one.kind !== 'installed') || one.folder === null) return []
      const speed = speeds.get(one.info.id)
      return speed && speed.device === device && speed.batch !== null ? [] : [one.info.name]
    })
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
    if (!isFirst) deps.onChanged()
  }

  const findChoice = (task: ChosenTask, speeds: ReadonlyMap<string, Speed>): ModelChoice => {
    const name = choices[task].active
    if (name === undefined || deps.isBuiltIn(name)) return { kind: 'built-in' }
    const own = opened.others.get(name)
    if (own?.task === task)
      return { kind: 'installed', info: own.info, folder: own.folder, threads: speeds.get(own.info.id)?.threads ?? undefined }
    const why = opened.failures.get(name)
    const { what, builtin } = CHOSEN[task]
    return {
      kind: 'missing',
      reason:
        `the chosen ${what} ${name} cannot be used: ${why === undefined ? 'it is not installed' : describeError(why)}; ` +
        `“fototeca models pull ${name}”, or “fototeca models use ${builtin}” for the built-in one`,
    }
  }

  /** One after the other, so that of two choices the later one holds. */
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    turn = turn.then(act, act)
    return turn
  }
  const refresh = () => inTurn(refreshNow)

  await refresh()
  return {
    refresh,
    /** What another process chose or installed. */
    reload: () =>
      inTurn(async () => {
        choices = await readAll()
        await refreshNow()
      }),
    async choose(task: ModelTask, roles: Readonly<Partial<Record<Role, string | null>>>): Promise<void> {
      await saveChoices(db, task, roles)
      choices[task] = { ...choices[task], ...Object.fromEntries(Object.entries(roles).map(([role, name]) => [role, name ?? undefined])) }
      await refresh()
    },
    /** the embedding model that answers or waits for its files */
    wanted,
    /** the model that answers searches */
    current: (): ActiveModel | null => current,
    /** the model whose space is to be filled before it answers; null when there is none */
    next: (): ActiveModel | null => next,
    /** an embedding model that is installed, whether it answers searches or not */
    installed: (name: string): ActiveModel | null => activate(name),
    /** names of the embedding models that were chosen */
    embeddingChoices: (): Choices => choices.embedding,
    chosen: (task: ChosenTask): ModelChoice => chosen[task],
    /** whether an installed model was chosen for its task, or a built-in one with these capabilities does it */
    isChosen: (name: string, builtIn: readonly string[] | null): boolean =>
      Object.entries(chosen).some(([task, choice]) =>
        builtIn === null
          ? choice.kind === 'installed' && choice.info.name === name
          : choice.kind === 'built-in' && builtIn.includes(CHOSEN[task as ChosenTask].capability),
      ),
    /** what the ledger calls an installed model; undefined while it cannot be opened */
    idOf: (name: string): string | undefined => opened.embeddings.get(name)?.model.info.id ?? opened.others.get(name)?.info.id,
    /** why an installed model cannot be opened */
    failureOf: (name: string): unknown => opened.failures.get(name),
    /** folders of installed models by name, whatever their task */
    folderOf: (name: string): { folder: string; task: ModelTask } | null => {
      const embedding = opened.embeddings.get(name)
      const other = opened.others.get(name)
      return embedding?.folder ? { folder: embedding.folder, task: 'embedding' } : other ? { folder: other.folder, task: other.task } : null
    },
    /** names of the spaces that an installed model speaks */
    spokenSpaces: (): string[] => [...opened.embeddings.values()].map(({ model }) => model.space.name),
    speakerOf: (space: string): SpeakingModel | undefined =>
      [...opened.embeddings.values()].find(({ model }) => model.space.name === space)?.model,
    /** why models run elsewhere than asked, for a person; null when they run as asked */
    deviceNotice: (): string | null => deviceNotice,
    /** names of models in use that were not measured on this computer as it is now */
    unmeasured: (): readonly string[] => unmeasured,
  }
}
