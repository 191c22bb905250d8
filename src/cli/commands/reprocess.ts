/** @file fototeca reprocess: run steps again over chosen photos. */
import type { Command } from 'commander'
import { STEP_NAMES, type StepName } from '../../contract/words.ts'
import { countOf } from '../../domain/count-of.ts'
import { ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatDuration } from '../format.ts'
import { splitList } from './categories.ts'

interface ReprocessOptions {
  readonly ids?: string
  readonly search?: string
  readonly category?: string
  readonly model?: string
  readonly state?: 'done' | 'failed' | 'skipped'
  readonly reason?: string
  readonly dryRun?: boolean
}

export function addReprocess(program: Command, context: CliContext): void {
  program
    .command('reprocess')
    .description('run analysis steps again, for all photos or those chosen by a search, model, or step state')
    .argument('<steps>', `comma-separated: ${STEP_NAMES.join(', ')}`)
    .option('--ids <ids>', 'photo numbers')
    .option('--search <words>', 'all photos this keyword search finds')
    .option('--category <names>', 'all photos in any of these categories; with --search, only those')
    .option('--model <name>', 'only results of this model')
    .option('--state <state>', 'only steps in this state: done, failed, or skipped')
    .option('--reason <words>', 'only failed or skipped steps whose reason contains these words')
    .option('--dry-run', 'only count and estimate the time')
    .addHelpText(
      'after',
      "\nExamples:\n  fototeca reprocess faces --dry-run\n  fototeca reprocess ocr,objects --search receipt\n  fototeca reprocess prepare --state failed --reason 'took longer'",
    )
    .action(async (steps: string, options: ReprocessOptions) => {
      const { model, state, reason } = options
      const body = {
        steps: splitList(steps) as StepName[],
        ...toPhotos(options),
        ...(model === undefined ? {} : { model }),
        ...(state === undefined ? {} : { state }),
        ...(reason === undefined ? {} : { reason }),
        dry_run: options.dryRun === true,
      }
      const report = await context.withApi((api) => api.call('reprocess', { body }))
      context.print(report, () => {
        const time = report.seconds === null ? '' : `, about ${formatDuration(report.seconds)}`
        return `${countOf(report.steps, 'step')} of ${countOf(report.photos, 'photo')} ${report.dry_run ? 'would be' : 'are'} due again${time}`
      })
    })
}

function toPhotos({ ids, search, category }: ReprocessOptions) {
  if (ids !== undefined) {
    const numbers = splitList(ids).map(Number)
    if (numbers.some((id) => !Number.isInteger(id))) throw new ApiError(422, '--ids: numbers of photos, separated by commas', 'invalid')
    return { photos: { ids: numbers } }
  }
  if (search === undefined && category === undefined) return {}
  return {
    photos: { search: { q: search ?? '', mode: 'keyword' as const, ...(category === undefined ? {} : { category: splitList(category) }) } },
  }
}
