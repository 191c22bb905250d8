/** @file Comparisons as the edges see them: start one, look at it, stop it. */
import type { z } from 'zod'
import type { ComparisonDetail, ComparisonReport, ComparisonRequest } from '../contract/describe.ts'
import type { Db } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { CallGate } from './call-gate.ts'
import { reportComparison, reportComparisonWhole } from './comparison-report.ts'
import type { ComparisonRunner } from './comparison-runner.ts'
import { insertComparison, listComparisons, readComparison } from './store-comparisons.ts'
import { samplePhotos } from './store-owed.ts'

/** Older ones are kept, but nobody scrolls that far. */
const MAX_LISTED = 50

export interface ComparisonsDeps {
  readonly db: Db
  readonly runner: ComparisonRunner
  /** @throws when the describer is unknown or not set up */
  readonly gateOf: (describer: string) => CallGate
}

export interface Comparisons {
  list(): Promise<ComparisonReport[]>
  /** @throws FototecaError `not_found` */
  get(sees: Visibility, id: number): Promise<ComparisonDetail>
  /** @throws FototecaError `invalid` for the same describer twice or an empty sample, or what is missing for a describer */
  start(sees: Visibility, request: z.infer<typeof ComparisonRequest>): Promise<ComparisonReport>
  /** @throws FototecaError `not_found` */
  cancel(id: number): Promise<ComparisonReport>
}

export function createComparisons({ db, runner, gateOf }: ComparisonsDeps): Comparisons {
  const find = async (id: number) => {
    const row = await readComparison(db, id)
    if (!row) throw new FototecaError('not_found', `there is no comparison ${id}`)
    return row
  }
  const report = async (id: number) => reportComparison(db, await find(id), runner.waitsBecause(id))
  return {
    list: async () =>
      Promise.all((await listComparisons(db, MAX_LISTED)).map((row) => reportComparison(db, row, runner.waitsBecause(row.id)))),
    get: async (sees, id) => reportComparisonWhole(db, sees, await find(id), runner.waitsBecause(id)),
    async start(sees, { left, right, photos, filters }) {
      if (left === right) throw new FototecaError('invalid', 'left and right: choose two different describers')
      for (const name of [left, right]) gateOf(name)
      const ids = await samplePhotos(db, sees, filters, photos)
      if (ids.length === 0) throw new FototecaError('invalid', 'there is no analysed photo to compare on; add photos or widen the filters')
      const id = await insertComparison(db, left, right, ids)
      runner.wake()
      return report(id)
    },
    async cancel(id) {
      await find(id)
      await runner.cancel(id)
      return report(id)
    },
  }
}
