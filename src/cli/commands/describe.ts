/** @file fototeca describe: which model describes pictures, what leaves this machine, what it costs; runs over chosen photos; comparisons. */
import { type Command, Option } from 'commander'
import type { ComparisonReport, DescribeEstimate, DescribeReport, TextEmbeddingReport } from '../../contract/describe.ts'
import { DESCRIBE_WHICH, type DescribeWhich, PURPOSE_NAMES, type Purpose } from '../../contract/words.ts'
import { countOf } from '../../domain/count-of.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatDuration, formatTable, toPlainText } from '../format.ts'

interface UseOptions {
  readonly photos?: 'new' | 'all'
  readonly previewPx?: string
  readonly concurrency?: string
  readonly perMinute?: string
  readonly tokensPerDay?: string
  readonly costPerDay?: string
  readonly split?: string
  readonly share?: string
}

interface RunOptions {
  readonly which?: string
  readonly category?: string
  readonly limit?: string
  readonly maxTokens?: string
  readonly maxCost?: string
  readonly dryRun?: boolean
}

const numberOrNull = (text: string | undefined) => (text === undefined ? null : Number(text))
/** `none` lifts a limit */
const toLimit = (text: string | undefined) => (text === undefined ? undefined : text === 'none' ? null : Number(text))

export function addDescribe(program: Command, context: CliContext): void {
  const describe = program
    .command('describe')
    .description('descriptions by a local or remote model')
    .addOption(
      new Option('--for <purpose>', 'what the model is for; each has a queue and a budget of its own')
        .choices(PURPOSE_NAMES)
        .default('facts'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca describe status\n  fototeca describe use ollama-gemma3 --photos new\n  fototeca describe ask ollama-gemma3\n  fototeca describe run --limit 100 --dry-run\n  fototeca describe compare gpt gemini-2.0-flash --photos 30\n  fototeca describe --for inspiration use gemini-2.0-flash',
    )
  const query = () => ({ purpose: describe.opts<{ for: Purpose }>().for })
  const show = (report: DescribeReport, texts?: TextEmbeddingReport) =>
    context.print(texts ? { ...report, text_embedding: texts } : report, () => renderReport(report, texts))
  describe
    .command('status')
    .description('show the current model, what leaves this machine, spending, and available models')
    .action(async () => {
      const [report, texts] = await context.withApi((api) =>
        Promise.all([api.call('getDescribe', { query: query() }), api.call('getTextEmbedding')]),
      )
      show(report, texts)
    })
  describe
    .command('use')
    .description('choose the description model, or turn descriptions off')
    .argument('<name>', 'a preset, preset=model, or off')
    .option('--photos <which>', 'new: photos added from now on; all: every photo')
    .option('--preview-px <n>', 'longest side of the picture sent, in pixels')
    .option('--concurrency <n>', 'concurrent calls')
    .option('--per-minute <n>', 'calls per minute, or none for no limit')
    .option('--tokens-per-day <n>', 'or none')
    .option('--cost-per-day <n>', 'or none')
    .option('--split <name>', 'a second model that describes a share of the photos instead; none: no second model')
    .option('--share <percent>', 'share of the second model', '50')
    .action(async (name: string, options: UseOptions) => {
      const limits = {
        preview_px: options.previewPx === undefined ? undefined : Number(options.previewPx),
        concurrency: options.concurrency === undefined ? undefined : Number(options.concurrency),
        per_minute: toLimit(options.perMinute),
        tokens_per_day: toLimit(options.tokensPerDay),
        cost_per_day: toLimit(options.costPerDay),
      }
      const second =
        options.split === undefined
          ? undefined
          : options.split === 'none'
            ? null
            : { describer: options.split, share: Number(options.share) }
      const body = { describer: name === 'off' ? null : name, photos: options.photos, limits, split: second }
      show(await context.withApi((api) => api.call('useDescriber', { query: query(), body })))
    })
  describe
    .command('ask')
    .description('check that the servers respond and have the model; no picture is sent')
    .argument('<name>', 'a preset, or preset=model')
    .action(async (name: string) => {
      const answer = await context.withApi((api) => api.call('askDescriber', { query: query(), body: { describer: name } }))
      context.print(answer, () => toPlainText(`${answer.name}: ${answer.state}. ${answer.missing ?? answer.said ?? ''}`))
      if (answer.state !== 'ready') throw new Failed()
    })
  for (const [verb, route, description] of [
    ['pause', 'pauseDescribe', 'begin no further description'],
    ['resume', 'resumeDescribe', 'go on, now'],
    ['cancel', 'cancelDescribe', 'forget what waits to be described; what was described stays'],
  ] as const)
    describe
      .command(verb)
      .description(description)
      .action(async () => show(await context.withApi((api) => api.call(route, { query: query() }))))
  describe
    .command('run')
    .description('describe existing photos; needs a running server')
    .option('--which <which>', DESCRIBE_WHICH.join(', '), 'undescribed')
    .option('--category <names>', 'only photos in any of these categories')
    .option('--limit <n>', 'maximum number of photos, newest first')
    .option('--max-tokens <n>', 'stop after this many tokens')
    .option('--max-cost <n>', 'stop after spending this much')
    .option('--dry-run', 'only count and estimate')
    .action(async (options: RunOptions) => {
      const body = {
        which: options.which as DescribeWhich,
        filters: options.category === undefined ? {} : { category: options.category },
        limit: numberOrNull(options.limit),
        max_tokens: numberOrNull(options.maxTokens),
        max_cost: numberOrNull(options.maxCost),
        dry_run: options.dryRun === true,
      }
      const estimate = await context.withApi((api) => api.call('runDescribe', { query: query(), body }))
      context.print(estimate, () => renderEstimate(estimate))
    })
  describe
    .command('compare')
    .description('compare two description models on the same photos; without names, list comparisons')
    .argument('[left]')
    .argument('[right]')
    .option('--photos <n>', 'sample size', '20')
    .action(async (left: string | undefined, right: string | undefined, options: { photos: string }) => {
      const comparisons = await context.withApi(async (api) =>
        left === undefined || right === undefined
          ? (await api.call('listComparisons')).comparisons
          : [await api.call('startComparison', { body: { left, right, photos: Number(options.photos) } })],
      )
      context.print({ comparisons }, () => renderComparisons(comparisons))
    })
}

const OFF: Record<Purpose, string> = {
  facts: 'describing is off',
  inspiration: 'off: the model that describes photos writes their inspiration prompts too',
}

function renderReport(report: DescribeReport, texts?: TextEmbeddingReport): string {
  const { lane, today } = report
  const lines = [
    report.on ? `${report.describer}: ${lane.state}, ${lane.due} due, ${report.described.current} described` : OFF[report.purpose],
    ...(report.on && (lane.reason ?? lane.trouble) ? [toPlainText(lane.reason ?? `the last call failed: ${lane.trouble?.reason}`)] : []),
    ...renderSplit(report),
    report.leaves,
    ...(texts ? renderTexts(texts) : []),
    `today: ${today.calls} calls, ${today.input_tokens + today.output_tokens} tokens${today.currency ? `, ${today.cost.toFixed(4)} ${today.currency}${today.estimated_cost > 0 ? ' (estimated)' : ''}` : ''}`,
    ...(report.cost_notice ? [toPlainText(report.cost_notice)] : []),
    '',
    formatTable(
      report.available.map((each) =>
        [each.name, each.state, each.missing ?? each.said ?? (each.remote ? each.sends_to.join(', ') : 'this machine')].map(toPlainText),
      ),
    ),
  ]
  return lines.join('\n')
}

function renderSplit({ split }: DescribeReport): string[] {
  if (split === null) return []
  const problem = split.problem ?? split.waits
  return [
    toPlainText(`${split.share} % of the photos by ${split.describer}${problem === null ? '' : `, which waits: ${problem}`}`),
    ...split.sides.map((side) =>
      toPlainText(
        `  ${side.describer}: ${countOf(side.photos, 'photo')}, ${side.fallbacks} incomplete, ${side.tokens} tokens${side.currency ? `, ${side.cost.toFixed(4)} ${side.currency}` : ''}${side.mean_ms === null ? '' : `, ${(side.mean_ms / 1000).toFixed(1)} s each`}`,
      ),
    ),
  ]
}

function renderTexts(texts: TextEmbeddingReport): string[] {
  if (texts.state === 'off') return []
  const counts = `${countOf(texts.embedded, 'description')} searchable by meaning${texts.due > 0 ? `, ${countOf(texts.due, 'photo')} to look at` : ''}`
  return [
    `${toPlainText(texts.model ?? 'no model')}: ${texts.state}, ${counts}`,
    ...(texts.reason ? [toPlainText(texts.reason)] : []),
    texts.leaves ?? '',
  ]
}

function renderEstimate({ photos, seconds, tokens, cost, currency, cost_estimated, run }: DescribeEstimate): string {
  const parts = [
    countOf(photos, 'photo'),
    seconds === null ? null : `about ${formatDuration(seconds)}`,
    tokens === null ? null : `about ${Math.round(tokens)} tokens`,
    cost === null ? null : `about ${cost.toFixed(2)} ${currency}${cost_estimated ? ' (estimated)' : ''}`,
  ]
  return `${run ? `run ${run.id}: ` : ''}${parts.filter((part) => part !== null).join(', ')}`
}

function renderComparisons(comparisons: readonly ComparisonReport[]): string {
  const share = (value: number | null) => (value === null ? '–' : `${Math.round(value * 100)} %`)
  return formatTable([
    ['id', 'left', 'right', 'state', 'both', 'category', 'tags', 'right agrees', 'time', 'cost'],
    ...comparisons.map((each) =>
      [
        String(each.id),
        each.left.describer,
        each.right.describer,
        each.state,
        `${each.compared} of ${each.photos}`,
        share(each.same_category),
        share(each.tag_agreement),
        each.verdict ? `${each.verdict.percent} % (${each.verdict.passed ? 'passed' : 'below 90 %'})` : '–',
        [each.left, each.right].map(({ mean_ms }) => (mean_ms === null ? '–' : formatDuration(mean_ms / 1000))).join(' / '),
        [each.left, each.right].map(({ cost, currency }) => (currency === null ? '–' : `${cost.toFixed(4)} ${currency}`)).join(' / '),
      ].map(toPlainText),
    ),
  ])
}
