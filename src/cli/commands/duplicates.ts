/** @file fototeca duplicates: sets to be decided, keeping the best by rules with a preview, undo, saying that photos are no duplicates. */
import type { Command } from 'commander'
import {
  type DecisionReport,
  type DuplicateSetReport,
  KEEP_RULES,
  type KeepRule,
  SET_KINDS,
  type SetKind,
} from '../../contract/duplicates.ts'
import { DUPLICATE_KINDS, type DuplicateKind } from '../../contract/words.ts'
import { countOf } from '../../domain/count-of.ts'
import { ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { splitList } from './categories.ts'

interface KeepOptions {
  readonly rule?: string
  readonly kind?: string
  readonly photos?: string
  readonly merge: boolean
  readonly dryRun?: boolean
}

export function addDuplicates(program: Command, context: CliContext): void {
  const duplicates = program
    .command('duplicates')
    .description('review sets of duplicates')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca duplicates list --kind same-picture\n  fototeca duplicates keep --kind same-picture --rule largest,oldest --dry-run\n' +
        '  fototeca duplicates keep 12 --photos 4\n  fototeca duplicates not-duplicate 12\n  fototeca duplicates undo 31',
    )
  const print = (report: DecisionReport) => context.print(report, () => renderDecision(report))
  duplicates
    .command('status')
    .description('count undecided sets by kind')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('getDuplicates'))
      context.print(answer, () =>
        [
          formatTable(
            answer.kinds.map(({ kind, sets, photos, told_by }) => [kind, countOf(sets, 'set'), countOf(photos, 'photo'), told_by]),
          ),
          ...(answer.compared.due > 0 ? [`${countOf(answer.compared.due, 'photo is', 'photos are')} still to be compared`] : []),
        ].join('\n'),
      )
    })
  duplicates
    .command('list')
    .description('list undecided sets, with the photo the rules would keep and why')
    .option('--kind <kind>', SET_KINDS.join(', '))
    .option('--limit <n>', 'sets per page', '20')
    .option('--after <set>', 'continue after the previous page (its `next`)')
    .action(async ({ kind, limit, after }: { kind?: SetKind; limit: string; after?: string }) => {
      const answer = await context.withApi((api) => api.call('listDuplicateSets', { query: { kind, limit, after } }))
      context.print(answer, () =>
        [
          answer.sets.length === 0 ? 'nothing to decide' : formatTable(answer.sets.flatMap(renderSet)),
          ...(answer.next === null ? [] : [`more: --after ${answer.next}`]),
        ].join('\n'),
      )
    })
  duplicates
    .command('keep')
    .description('keep the best photo of each set; the others go to the trash for 30 days')
    .argument('[sets]', 'set numbers; or use --kind')
    .option('--kind <kinds>', `all sets of these kinds: ${DUPLICATE_KINDS.join(', ')}`)
    .option('--rule <rules>', `what decides, in this order, for this time: ${KEEP_RULES.join(', ')}`)
    .option('--photos <ids>', 'for a single set: keep these photos, whatever the rules say')
    .option('--no-merge', 'do not merge tags, rating, and albums into the photos that stay')
    .option('--dry-run', 'only show what would happen')
    .action(async (sets: string | undefined, options: KeepOptions) => {
      const { merge } = options
      print(
        await context.withApi((api) => {
          if (options.photos !== undefined) {
            const [id, ...more] = splitList(sets ?? '')
            if (id === undefined || more.length > 0 || options.dryRun === true || options.rule !== undefined)
              throw new ApiError(422, '--photos decides one set by hand: give its number, without --rule and --dry-run', 'invalid')
            return api.call('decideDuplicateSet', {
              params: { id },
              body: { do: 'keep', photos: splitList(options.photos).map(Number), merge },
            })
          }
          const rules = options.rule === undefined ? {} : { rules: splitList(options.rule) as KeepRule[] }
          return api.call('applyDuplicates', {
            body: { sets: choose(sets, options.kind), merge, dry_run: options.dryRun === true, ...rules },
          })
        }),
      )
    })
  for (const [verb, decision, help] of [
    ['not-duplicate', 'different', 'the photos of a set are no duplicates; remembered, whatever is analysed'],
    ['keep-all', 'keep-all', 'the photos of a set are duplicates, and all stay'],
  ] as const)
    duplicates
      .command(verb)
      .description(help)
      .argument('<set>')
      .action(async (id: string) =>
        print(await context.withApi((api) => api.call('decideDuplicateSet', { params: { id }, body: { do: decision } }))),
      )
  duplicates
    .command('undo')
    .description('undo a decision')
    .argument('<edit>', 'edit number, as returned by the decision')
    .action(async (id: string) => {
      const report = await context.withApi((api) => api.call('undoEdit', { params: { id } }))
      context.print(report, () => `${toPlainText(report.summary)}: ${countOf(report.photos, 'photo')}`)
    })
  duplicates
    .command('rules')
    .description('show the keep rules in order of priority; with rules, set a new order')
    .argument('[rules]', KEEP_RULES.join(', '))
    .action(async (rules?: string) => {
      const answer = await context.withApi((api) =>
        rules === undefined ? api.call('getKeepRules') : api.call('setKeepRules', { body: { rules: splitList(rules) as KeepRule[] } }),
      )
      context.print(answer, () => answer.rules.join(', '))
    })
  duplicates
    .command('compare')
    .description('compare all photos again in the background')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('compareDuplicates', { body: {} }))
      context.print(answer, () => 'all photos are compared again')
    })
}

function choose(sets: string | undefined, kinds: string | undefined): { ids: number[] } | { kinds: DuplicateKind[] } {
  if (sets !== undefined) return { ids: splitList(sets).map(Number) }
  if (kinds !== undefined) return { kinds: splitList(kinds) as DuplicateKind[] }
  throw new ApiError(422, 'say which sets, by their numbers or by --kind', 'invalid')
}

function renderSet({ id, kind, members, reason, keeper }: DuplicateSetReport): string[][] {
  return members.map(({ photo, bytes, kept, paths }, index) => [
    index === 0 ? `set ${id}` : '',
    index === 0 ? kind : '',
    String(photo.id),
    kept ? (photo.id === keeper ? `stays: ${toPlainText(reason)}` : 'stays') : 'goes',
    `${photo.width ?? '?'} × ${photo.height ?? '?'}, ${(bytes / 1e6).toFixed(1)} MB`,
    toPlainText(paths[0] ?? photo.filename),
  ])
}

function renderDecision({ edit, summary, sets, trashed, kept, bytes, in_place }: DecisionReport): string {
  const what = `${countOf(sets, 'set')}: ${countOf(kept, 'photo stays', 'photos stay')}, ${trashed} ${trashed === 1 ? 'goes' : 'go'} to the trash (${(bytes / 1e6).toFixed(1)} MB)`
  const inPlace = in_place > 0 ? `; the files of ${in_place} lie in folders and stay there` : ''
  return `${edit === null ? `nothing was changed; ${toPlainText(summary)}` : toPlainText(summary)}: ${what}${inPlace}${edit === null ? '' : `\ntake it back with: fototeca duplicates undo ${edit}`}`
}
