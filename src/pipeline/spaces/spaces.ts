/** @file The spaces as a person sees them: progress, pause, switch, roll back, drop; and choosing a model, which begins a fill. */
import type { SpaceReport } from '../../contract/library.ts'
import type { Db } from '../../db/client.ts'
import { dropSpace, ensureVectorIndex } from '../../db/vector.ts'
import { FototecaError } from '../../domain/errors.ts'
import { LOOK_SPACE } from '../../domain/likeness/look.ts'
import type { Log } from '../../domain/log.ts'
import type { ActiveModel } from '../../models/chosen/active-models.ts'
import { builtinTaskOf } from '../../models/chosen/chosen-tasks.ts'
import type { ModelService } from '../../models/model-service.ts'
import type { Step } from '../step.ts'
import type { FillTarget, PhotoFiller } from './photo-filler.ts'
import { adoptSpace, countOwedPhotos, forgetFillFailures, listSpaceRows, type SpaceRow, savePause } from './store.ts'

export interface SpacesDeps {
  readonly db: Db
  readonly log: Log
  readonly models: ModelService
  readonly filler: Pick<PhotoFiller, 'wake' | 'exclusive'>
  readonly step: Step
  /** a space that another fill keeps; null for one that is not theirs */
  readonly keptElsewhere?: (row: SpaceRow) => Promise<KeptSpace | null>
}

/** A space whose vectors are not of pictures: filled by others, never chosen as the one that answers. */
export interface KeptSpace {
  readonly model: string
  readonly owed: number
  /** it is asked though something is owed (a file that is not there); default: when nothing is */
  readonly isServing?: boolean
  /** why it is not filled just now, though nobody paused it */
  readonly reason: string | null
  /** why it cannot be dropped, and where to change that */
  readonly whyKept: string
  /** goes on, at once, also with what failed */
  resume(): Promise<void>
}

export type Spaces = ReturnType<typeof createSpaces>

export function createSpaces(deps: SpacesDeps) {
  const { db, models, filler } = deps

  /** Which spaces are in use just now: a list of all takes it once, since it may change while they are counted. */
  const lookUse = () => ({ active: models.active()?.space.name, next: models.next()?.space.name, previous: models.previous() })

  const report = async (row: SpaceRow, use = lookUse()): Promise<SpaceReport> => {
    const elsewhere = (await deps.keptElsewhere?.(row)) ?? null
    const state = elsewhere ? stateElsewhere(row, elsewhere) : stateOf(row, use)
    const owed = elsewhere?.owed ?? (row.name === LOOK_SPACE ? 0 : await countOwedPhotos(db, row.id, 'library'))
    return {
      id: row.id,
      name: row.name,
      model: elsewhere?.model ?? models.modelOfSpace(row.name),
      of: row.of_texts ? 'texts' : 'pictures',
      width: row.width,
      vectors: row.vectors,
      owed,
      state,
      reason: state === 'paused' ? row.paused_because : (elsewhere?.reason ?? null),
      is_previous: use.previous !== null && use.previous === models.modelOfSpace(row.name),
      is_indexed: row.is_indexed,
      created_at: row.created_at.toISOString(),
    }
  }

  const stateOf = (row: SpaceRow, { active, next } = lookUse()): SpaceReport['state'] => {
    if (row.name === active || row.name === LOOK_SPACE) return 'serving'
    if (row.name === next) return row.paused_because === null ? 'filling' : 'paused'
    return 'kept'
  }

  const stateElsewhere = (row: SpaceRow, { owed, isServing = owed === 0 }: KeptSpace): SpaceReport['state'] =>
    row.paused_because !== null ? 'paused' : isServing ? 'serving' : 'filling'

  const find = async (id: number): Promise<SpaceRow> => {
    const row = (await listSpaceRows(db)).find((one) => one.id === id)
    if (!row) throw new FototecaError('not_found', `there is no space ${id}`)
    return row
  }
  const findByName = async (name: string) => (await listSpaceRows(db)).find((one) => one.name === name)

  /** The vectors it has are believed; whatever it lacks becomes due in the ledger, because it is the active one from here on. */
  const switchTo = async (space: { id: number; modelId: string; model: string }): Promise<void> => {
    const before = models.active()?.info.name ?? null
    await ensureVectorIndex(db, space.id)
    await adoptSpace(db, space, deps.step)
    await models.choose('embedding', {
      active: space.model,
      next: null,
      previous: before === space.model ? (models.previous() ?? null) : before,
    })
    deps.log.info({ model: space.modelId, before }, 'searches are answered by another model')
  }

  const switchToRow = async (row: SpaceRow): Promise<void> => {
    const model = models.modelOfSpace(row.name)
    if (row.of_texts) throw new FototecaError('conflict', `${row.name} holds descriptions, not pictures; it is searched beside the others`)
    if (row.name === LOOK_SPACE) throw new FototecaError('conflict', `${row.name} answers search by picture by itself; it is not chosen`)
    if (model === null)
      throw new FototecaError(
        'model_missing',
        `the model of ${row.name} is not installed (in this version), so nobody can ask this space; get it with “fototeca models pull”`,
      )
    await models.checkUsable(model)
    if (row.vectors === 0) throw new FototecaError('conflict', `${row.name} is empty; searches would find nothing. Let it fill first`)
    await filler.exclusive(() => switchTo({ id: row.id, modelId: row.model_id, model }))
    filler.wake()
  }

  const list = async (): Promise<SpaceReport[]> => {
    const rows = await listSpaceRows(db)
    const reports: SpaceReport[] = []
    const use = lookUse()
    for (const row of rows) reports.push(await report(row, use))
    return reports
  }

  const begin = async (model: string, current: ActiveModel): Promise<void> => {
    if (model === current.info.name) return models.choose('embedding', { active: model, next: null })
    await models.choose('embedding', { next: model })
    const next = models.next()
    const row = next && (await findByName(next.space.name))
    if (row) await savePause(db, row.id, null)
    filler.wake()
  }

  return {
    list,
    /** `models use`: at once where nothing answers yet or its space is full, else when it is. @throws as `ModelService.checkUsable` */
    async useModel(name: string) {
      const model = await models.checkUsable(name)
      const current = models.active()
      const builtin = model.task === null ? builtinTaskOf(model) : null
      if (builtin !== null) await models.choose(builtin, { active: null })
      else if (model.task !== null && model.task !== 'embedding') await models.choose(model.task, { active: name })
      else if (current === null) await models.choose('embedding', { active: name, next: null })
      else await begin(name, current)
      return models.show(name)
    },
    /** Switches now, full or not. */
    async use(id: number): Promise<SpaceReport> {
      await switchToRow(await find(id))
      return report(await find(id))
    },
    async rollBack(): Promise<SpaceReport> {
      const previous = models.previous()
      const row = previous === null ? undefined : (await listSpaceRows(db)).find(({ name }) => models.modelOfSpace(name) === previous)
      if (!row)
        throw new FototecaError(
          'conflict',
          previous === null
            ? 'no other model answered before; there is nothing to go back to'
            : `the space of ${previous} is gone, or its model is; “fototeca models use ${previous}” fills it anew`,
        )
      await switchToRow(row)
      return report(await find(row.id))
    },
    async pause(id: number): Promise<SpaceReport> {
      const row = await find(id)
      const elsewhere = await deps.keptElsewhere?.(row)
      if (!elsewhere && stateOf(row) !== 'filling' && stateOf(row) !== 'paused')
        throw new FototecaError('conflict', `${row.name} is not being filled; there is nothing to pause`)
      if (row.paused_because === null) await savePause(db, id, 'paused by hand')
      return report(await find(id))
    },
    async resume(id: number): Promise<SpaceReport> {
      const row = await find(id)
      const elsewhere = await deps.keptElsewhere?.(row)
      if (elsewhere) {
        await savePause(db, id, null)
        await elsewhere.resume()
        return report(await find(id))
      }
      if (stateOf(row) !== 'filling' && stateOf(row) !== 'paused')
        throw new FototecaError(
          'conflict',
          `${row.name} is not being filled; “fototeca models use ${models.modelOfSpace(row.name) ?? '<model>'}” begins that`,
        )
      await forgetFillFailures(db, id)
      await savePause(db, id, null)
      filler.wake()
      return report(await find(id))
    },
    /** Its vectors are deleted for good; never those that answer searches. */
    async drop(id: number): Promise<{ readonly dropped: string }> {
      const row = await find(id)
      const elsewhere = await deps.keptElsewhere?.(row)
      if (elsewhere) throw new FototecaError('conflict', elsewhere.whyKept)
      if ((await report(row)).state === 'serving' || row.name === (await models.servingSpace())?.name)
        throw new FototecaError('conflict', `${row.name} answers searches; choose another model first`)
      if (row.name === models.next()?.space.name) await models.choose('embedding', { next: null })
      if (row.name === models.next()?.space.name)
        throw new FototecaError('conflict', `the configuration wants ${row.name} (FOTOTECA_EMBEDDING_MODEL); change it there`)
      await filler.exclusive(() => dropSpace(db, id))
      deps.log.info({ space: row.name, vectors: row.vectors }, 'a space was dropped')
      return { dropped: row.name }
    },
    /** The filler’s report that nothing is owed; it holds the turn already. */
    async onFull(target: FillTarget, spaceId: number): Promise<void> {
      await switchTo({ id: spaceId, modelId: target.info.id, model: target.info.name })
    },
  }
}
