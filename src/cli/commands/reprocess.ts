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
    .description('run steps again: over all photos, or those chosen by a search, a model, how the step ended')
    .argument('<steps>', `comma-separated: ${STEP_NAMES.join(', ')}`)
    .option('--ids <ids>', 'numbers of the photos')
    .option('--search <words>', 'all photos this keyword search finds')
    .option('--category <names>', 'all photos in any of these categories (with --search: of those)')
    .option('--model <name>', 'only what this model said')
    .option('--state <state>', 'only steps that ended so: done, failed or skipped')
    .option('--reason <words>', 'only failed or skipped steps whose reason holds these words')
    .option('--dry-run', 'only count, and say how long it would take')
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
