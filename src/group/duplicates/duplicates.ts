/** @file Duplicates as a person works through them: sets by kind, the rules of keeping, decisions one by one or in bulk, each an edit that can be undone. */

import type { z } from 'zod'
import { KIND_FACTS } from '../../contract/duplicate-kinds.ts'
import {
  type ApplyRequest,
  type Decision,
  type DecisionReport,
  type DuplicateSetReport,
  type DuplicatesOverview,
  type DuplicatesQuery,
  KEEP_RULES,
  type KeepRule,
  KeepRules,
  SET_KINDS,
} from '../../contract/duplicates.ts'
import { type Message, message, render } from '../../contract/messages/message.ts'
import { DUPLICATE_KINDS, type DuplicateKind } from '../../contract/words.ts'
import type { Db } from '../../db/client.ts'
import type { Target } from '../../db/tables/edits.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { photosOf, reportSameBytes, reportSets, suggest, sumBytes } from './describe-sets.ts'
import {
  countOpenSets,
  listOpenSets,
  type MergedValue,
  type OpenSet,
  readMemberFacts,
  readMerge,
  readRules,
  saveRules,
} from './store-report.ts'

/** Sets read at once when many are decided. */
const PAGE = 200
/** Of more photos that stay, each is only told apart from the first: all pairs would be half a million rows. */
const MAX_PAIRED = 100

export interface DuplicatesDeps {
  readonly db: Db
  /** makes decisions a part of the history; answers the edit’s id */
  readonly edit: (
    actor: Actor,
    edit: { summary: Message; photoIds: readonly number[]; targets: readonly Target[] },
  ) => Promise<number | null>
  readonly compared: () => Promise<DuplicatesOverview['compared']>
  /** all photos are compared again, in the background */
  readonly compare: () => void
}

export interface Duplicates {
  overview(sees: Visibility): Promise<DuplicatesOverview>
  list(sees: Visibility, query: z.output<typeof DuplicatesQuery>): Promise<{ sets: DuplicateSetReport[]; next: number | null }>
  /** @throws FototecaError `not_found`: no such set, or nothing is left to decide in it */
  get(sees: Visibility, id: number): Promise<DuplicateSetReport>
  /** @throws FototecaError `not_found`, `invalid` (a photo to keep that is not in the set) */
  decide(actor: Actor, id: number, decision: Decision): Promise<DecisionReport>
  apply(actor: Actor, request: ApplyRequest): Promise<DecisionReport>
  rules(): Promise<KeepRule[]>
  setRules(rules: readonly KeepRule[]): Promise<KeepRule[]>
  compareAgain(sees: Visibility): Promise<DuplicatesOverview>
}

export function createDuplicates({ db, edit, compared, compare }: DuplicatesDeps): Duplicates {
  const rules = async (): Promise<KeepRule[]> => KeepRules.safeParse({ rules: await readRules(db) }).data?.rules ?? [...KEEP_RULES]

  async function overview(sees: Visibility): Promise<DuplicatesOverview> {
    const counts = new Map((await countOpenSets(db, sees)).map((count) => [count.kind, count]))
    const kinds = SET_KINDS.map((kind) => {
      const { label, told_by } = kind === 'same-bytes' ? SAME_BYTES : KIND_FACTS[kind]
      return { sets: 0, photos: 0, bytes: 0, ...counts.get(kind), kind, label, told_by }
    })
    return { kinds, compared: await compared() }
  }

  async function readSet(sees: Visibility, id: number): Promise<OpenSet> {
    const [set] = await listOpenSets(db, sees, { ids: [id] }, 0, 1)
    if (!set) throw new FototecaError('not_found', `there is no set ${id} with something to decide; it may have been decided already`)
    return set
  }

  async function save(actor: Actor, plan: Plan, sets: number, isDryRun = false): Promise<DecisionReport> {
    const report = {
      summary: render(plan.summary),
      message: plan.summary,
      sets,
      trashed: plan.gone.length,
      kept: plan.kept,
      bytes: plan.bytes,
      in_place: plan.inPlace,
    }
    const photoIds = [...new Set(plan.targets.flatMap((target) => ('photo' in target ? (target.photo ?? []) : [])))].sort((a, b) => a - b)
    if (isDryRun || photoIds.length === 0) return { edit: null, ...report }
    const id = await edit(actor, { summary: plan.summary, photoIds, targets: plan.targets })
    return { edit: id, ...report }
  }

  return {
    overview,

    async list(sees, { kind, after, limit }) {
      if (kind === 'same-bytes') {
        const sets = await reportSameBytes(db, sees, after, limit)
        return { sets, next: sets.length === limit ? (sets.at(-1)?.id ?? null) : null }
      }
      const open = await listOpenSets(db, sees, kind ? { kinds: [kind] } : {}, after, limit)
      return { sets: await reportSets(db, sees, open, await rules()), next: open.length === limit ? (open.at(-1)?.id ?? null) : null }
    },

    async get(sees, id) {
      const [report] = await reportSets(db, sees, [await readSet(sees, id)], await rules())
      if (!report) throw new FototecaError('not_found', `there is no set ${id}`)
      return report
    },

    async decide(actor, id, decision) {
      const set = await readSet(actor.sees, id)
      const all = photosOf(set)
      if (decision.do === 'keep-all' || decision.do === 'different') {
        const value = decision.do === 'different' ? 'different' : 'keep'
        const summary = message(decision.do === 'different' ? 'duplicates.different' : 'duplicates.kept-all', { count: all.length })
        return save(actor, { ...NOTHING, summary, kept: all.length, targets: judge(all, value) }, 1)
      }
      let keep: readonly number[]
      let gone: readonly number[]
      if (decision.do === 'accept') {
        const { suggestions } = await suggest(db, [set], await rules())
        gone = suggestions[0]?.gone ?? []
        keep = all.filter((photo) => !gone.includes(photo))
      } else {
        const stranger = decision.photos.find((photo) => !all.includes(photo))
        if (stranger !== undefined) throw new FototecaError('invalid', `photos: ${stranger} is not in set ${id}`)
        keep = [...new Set(decision.photos)]
        gone = all.filter((photo) => !keep.includes(photo))
      }
      const facts = await readMemberFacts(db, gone)
      const [keeper = 0] = keep
      const merged = decision.merge
        ? await readMerge(
            db,
            gone.map((photo) => ({ keeper, gone: photo })),
          )
        : []
      return save(
        actor,
        {
          summary: message('duplicates.kept', { kept: keep.length, all: all.length }),
          gone,
          kept: keep.length,
          bytes: sumBytes(gone, facts),
          inPlace: gone.filter((photo) => facts.get(photo)?.isInPlace).length,
          targets: [...trash(gone), ...judge(keep, 'keep'), ...merged.map(toTarget)],
        },
        1,
      )
    },

    async apply(actor, { sets, merge, rules: asked, dry_run }) {
      const plan = { gone: [] as number[], keepers: new Set<number>(), kept: 0, bytes: 0, inPlace: 0, targets: [] as Target[] }
      const goes = new Set<number>()
      const order = asked ?? (await rules())
      let count = 0
      for (const kinds of kindsOf(sets))
        for (let after = 0; ; ) {
          const page = await listOpenSets(db, actor.sees, { kinds, ...('ids' in sets ? { ids: sets.ids } : {}) }, after, PAGE)
          const { suggestions, facts } = await suggest(db, page, order)
          for (const { set, keeper, gone } of suggestions) {
            // a photo that goes with another set is no reason to let others go here; the set is asked about again afterwards
            if (gone.length === 0 || photosOf(set).some((photo) => goes.has(photo)) || gone.some((photo) => plan.keepers.has(photo)))
              continue
            count++
            plan.keepers.add(keeper)
            for (const photo of gone) goes.add(photo)
            plan.gone.push(...gone)
            plan.kept += set.members.length + 1 - gone.length
            plan.bytes += sumBytes(gone, facts)
            plan.inPlace += gone.filter((photo) => facts.get(photo)?.isInPlace).length
            plan.targets.push(...trash(gone))
            if (merge && !dry_run)
              plan.targets.push(
                ...(
                  await readMerge(
                    db,
                    gone.map((photo) => ({ keeper, gone: photo })),
                  )
                ).map(toTarget),
              )
          }
          const last = page.at(-1)
          if (!last || page.length < PAGE) break
          after = last.id
        }
      const summary = message('duplicates.kept-best', { sets: count })
      return save(actor, { ...plan, summary }, count, dry_run)
    },

    rules,

    async setRules(asked) {
      await saveRules(db, asked)
      return rules()
    },

    async compareAgain(sees) {
      compare()
      return overview(sees)
    },
  }
}

const SAME_BYTES = { label: 'Same bytes', told_by: 'several files hold exactly the same bytes; the library shows them once' }

interface Plan {
  readonly summary: Message
  readonly gone: readonly number[]
  readonly kept: number
  readonly bytes: number
  readonly inPlace: number
  readonly targets: readonly Target[]
}
const NOTHING = { gone: [], bytes: 0, inPlace: 0 } as const

/** The nearest kinds first, so that what a later kind is about is known. */
function kindsOf(sets: ApplyRequest['sets']): DuplicateKind[][] {
  return DUPLICATE_KINDS.filter((kind) => !('kinds' in sets) || sets.kinds.includes(kind)).map((kind) => [kind])
}

const trash = (photos: readonly number[]): Target[] => photos.map((photo) => ({ set: 'trash', key: '', value: true, photo }))

/** What is said of every two of the photos. A pair stands with the older photo and names the younger. */
function judge(photos: readonly number[], value: 'different' | 'keep'): Target[] {
  const sorted = [...photos].sort((a, b) => a - b)
  const paired = photos.length <= MAX_PAIRED ? sorted : []
  const pairs = paired.flatMap((a, i) => paired.slice(i + 1).map((b) => [a, b] as const))
  const [first = 0] = photos
  const others = photos.length <= MAX_PAIRED ? [] : photos.slice(1).map((b) => [Math.min(first, b), Math.max(first, b)] as const)
  return [...pairs, ...others].map(([a, b]) => ({ set: 'pair', key: String(b), value, photo: a }))
}

const toTarget = ({ photo_id, field, key, value }: MergedValue): Target => ({ set: field, key, value, photo: photo_id })
