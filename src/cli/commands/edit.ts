/** @file fototeca edit: change tags, rating, favourites and categories of chosen photos; history and undo. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { type EditReport, type Operation, RESETTABLE, type Resettable } from '../../contract/edits.ts'
import { countOf } from '../../domain/count-of.ts'
import type { Api } from '../api.ts'
import { ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { splitList } from './categories.ts'

interface EditOptions {
  readonly ids?: string
  readonly search?: string
  readonly category?: string
  readonly addTags?: string
  readonly removeTags?: string
  readonly addCategory?: string
  readonly removeCategory?: string
  readonly rating?: string
  readonly favourite?: boolean
  readonly reset?: string
  readonly dryRun?: boolean
}

export function addEdit(program: Command, context: CliContext): void {
  const edit = program
    .command('edit')
    .description('change photos, review changes, and undo them')
    .addHelpText(
      'after',
      "\nExamples:\n  fototeca edit photos --ids 4,8 --add-tags beach,holiday --rating 5\n  fototeca edit photos --search 'dog' --remove-tags cat --dry-run\n  fototeca edit undo 12",
    )
  edit
    .command('photos')
    .description('change photos chosen by number or search; your changes override models and metadata')
    .option('--ids <ids>', 'photo numbers')
    .option('--search <words>', 'all photos this keyword search finds')
    .option('--category <names>', 'all photos in any of these categories; with --search, only those')
    .option('--add-tags <tags>')
    .option('--remove-tags <tags>')
    .option('--add-category <name>')
    .option('--remove-category <name>')
    .option('--rating <n>', '0 to 5, or none')
    .option('--favourite', 'mark as favourites')
    .option('--no-favourite', 'remove from favourites')
    .option('--reset <fields>', `back to what models and files say: ${RESETTABLE.join(', ')}`)
    .option('--dry-run', 'only count')
    .action(async (options: EditOptions) => {
      const body = { photos: toSelection(options), operations: toOperations(options), dry_run: options.dryRun === true }
      const report = await context.withApi(async (api) => waitForEdit(api, await api.call('makeEdit', { body })))
      context.print(report, () => renderReport(report))
    })
  edit
    .command('list')
    .description('list changes made by people, newest first')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listEdits'))
      context.print(answer, () =>
        formatTable(answer.edits.map((report) => [String(report.id), report.made_at ?? '', renderReport(report)])),
      )
    })
  edit
    .command('undo')
    .description('undo an edit')
    .argument('<id>', 'edit number')
    .action(async (id: string) => {
      const report = await context.withApi(async (api) => waitForEdit(api, await api.call('undoEdit', { params: { id } })))
      context.print(report, () => renderReport(report))
    })
}

export async function waitForEdit(api: Api, begun: EditReport): Promise<EditReport> {
  let report = begun
  while (report.state === 'running') {
    await sleep(300)
    report = await api.call('getEdit', { params: { id: report.id ?? 0 } })
  }
  return report
}

function toSelection({ ids, search, category }: EditOptions) {
  if (ids !== undefined) return { ids: splitList(ids).map(Number) }
  if (search === undefined && category === undefined) throw new ApiError(422, 'say which photos: --ids, --search or --category', 'invalid')
  return { search: { q: search ?? '', mode: 'keyword' as const, ...(category === undefined ? {} : { category: splitList(category) }) } }
}

function toOperations(options: EditOptions): Operation[] {
  const { addTags, removeTags, addCategory, removeCategory, rating, favourite, reset } = options
  return [
    ...(addTags === undefined ? [] : [{ do: 'add_tags' as const, tags: splitList(addTags) }]),
    ...(removeTags === undefined ? [] : [{ do: 'remove_tags' as const, tags: splitList(removeTags) }]),
    ...(addCategory === undefined ? [] : [{ do: 'add_category' as const, category: addCategory }]),
    ...(removeCategory === undefined ? [] : [{ do: 'remove_category' as const, category: removeCategory }]),
    ...(rating === undefined ? [] : [{ do: 'set_rating' as const, rating: rating === 'none' ? null : Number(rating) }]),
    ...(favourite === undefined ? [] : [{ do: 'set_favourite' as const, favourite }]),
    ...(reset === undefined ? [] : [{ do: 'reset' as const, fields: splitList(reset) as Resettable[] }]),
  ]
}

function renderReport(report: EditReport): string {
  const summary = toPlainText(report.summary)
  if (report.state === 'counted') return `${summary}: would change ${report.changed} of ${countOf(report.photos, 'photo')}`
  const conflicts = report.conflicts === 0 ? '' : `; ${report.conflicts} left as they are, because something else was decided since`
  const undone = report.undone_by === null ? '' : ` (undone by ${report.undone_by})`
  return `edit ${report.id}: ${summary}: ${report.changed} of ${countOf(report.photos, 'photo')} changed${conflicts}${undone}`
}
