/** @file fototeca search: the API’s search. Its flags are the contract’s filters. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { SearchAnswer } from '../../contract/search.ts'
import { FILTER_KEYS, SEARCH_FILTERS, SearchFilters } from '../../contract/search-filters.ts'
import { SEARCH_MODES, SEARCH_SORTS } from '../../contract/words.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { createUploadBody } from '../upload-body.ts'

const toFlag = (key: string): string => key.replaceAll('_', '-')
/** commander names an option’s value in camel case */
const toOptionName = (key: string): string => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const VALUE_NAMES = {
  chips: '<names>',
  choice: '<names>',
  people: '<ids>',
  date: '<day>',
  range: '<range>',
  circle: '<lat,lon,km>',
  area: '<south,west,north,east>',
} as const

export function addSearch(program: Command, context: CliContext): void {
  const command = program
    .command('search')
    .description('find photos by words, by a picture, or by filters')
    .argument('[words...]', 'words to search for; optional if filters are given')
    .addOption(new Option('--mode <mode>', 'how to search').choices(SEARCH_MODES).default('hybrid'))
    .option(
      '--like <photo|file>',
      'search by this photo (its id), or by a picture file, which is kept nowhere; with words: by both together',
    )
    .option('--part <x,y,width,height>', 'with --like: only this part of the picture, as fractions, e.g. 0.2,0.1,0.5,0.5')
    .option('--also <ids>', 'more photos to search by')
    .option('--unlike <ids>', 'photos that results should not resemble')
    .option('--rest', 'include weaker matches by meaning, below the cut-off of the model')
    .addOption(new Option('--all', 'the same as --rest').hideHelp())
    .addOption(new Option('--sort <order>', 'best first, or by time').choices(SEARCH_SORTS))
    .option('--limit <n>', 'results per page', '20')
    .option('--cursor <cursor>', 'continue after the previous page (its `next`)')
    .option('--picture <key>', 'with --cursor: the picture searched by, as named by the previous page')
  command.option('--where <json>', SearchFilters.shape.where.description ?? '')
  for (const key of FILTER_KEYS) {
    const { schema, control } = SEARCH_FILTERS[key]
    const help = schema.description ?? SEARCH_FILTERS[key].label
    if (control === 'switch') {
      command.option(`--${toFlag(key)}`, help)
      command.addOption(new Option(`--no-${toFlag(key)}`, `the opposite`))
    } else command.option(`--${toFlag(key)} ${VALUE_NAMES[control]}`, help)
  }
  command
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca search dog on a beach\n  fototeca search beach person:anna in:"new york" before:2024\n' +
        '  fototeca search --category food,documents --from 2024-01-01 receipt\n  fototeca search --like 42 --part 0.5,0,0.5,1 --hide-duplicates\n' +
        '  fototeca search --like ~/shoe.jpg in red\n  fototeca search --json sunset | jq .hits[].photo.id',
    )
    .action(async (words: string[], options: Record<string, unknown>) => {
      const filters = Object.fromEntries(FILTER_KEYS.map((key) => [key, options[toOptionName(key)]]))
      const query = {
        ...filters,
        where: options.where,
        q: words.map(keepTogether).join(' '),
        mode: options.mode,
        crop: options.part,
        also: options.also,
        unlike: options.unlike,
        all: options.rest ?? options.all,
        sort: options.sort,
        limit: options.limit,
      }
      const { like, cursor, picture } = options as Partial<Record<string, string>>
      const file = like === undefined || /^\d+$/.test(like) ? null : resolve(like)
      if (file !== null) await checkFile(file)
      const answer = await context.withApi((api) =>
        file === null
          ? api.call('search', { query: { ...query, like, cursor, picture } })
          : api.call('searchByPicture', { query, upload: createUploadBody(file) }),
      )
      context.print(answer, () => renderSearch(answer))
    })
}

/** @throws FototecaError `not_found` before anything is sent */
async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) throw new FototecaError('not_found', `--like: there is no picture file ${path}, and no photo has such an id`)
}

/** The shell takes the quotes of `in:"new york"` away. */
const keepTogether = (word: string): string => word.replace(/^(-?\p{L}+:)([^"]*\s[^"]*)$/u, '$1"$2"')

function renderSearch(answer: SearchAnswer & { readonly picture?: string }): string {
  const lines: string[] = []
  if (answer.notice !== null) lines.push(answer.notice, '')
  for (const { typed, found } of answer.near) lines.push(`No exact match for “${typed}”; showing “${found}”`)
  if (answer.did_you_mean !== null)
    lines.push(`No match for ${quoteAll(answer.did_you_mean.typed)}. Did you mean: ${toPlainText(answer.did_you_mean.q)}`)
  if (answer.hits.length === 0) lines.push('nothing found')
  else
    lines.push(
      formatTable(
        answer.hits.map(({ photo, why }) => [
          String(photo.id),
          photo.day,
          toPlainText(photo.filename),
          why.map(describeReason).map(toPlainText).join('; '),
        ]),
      ),
    )
  lines.push('', `${answer.hits.length} of ${answer.total} (${answer.ran.join(' + ')}, ${Math.round(answer.took_ms)} ms)`)
  if (answer.cut_off !== null && answer.cut_off.hidden > 0)
    lines.push(`${answer.cut_off.hidden} farther off in meaning are left out: --rest`)
  if (answer.next !== null) lines.push(`more: ${answer.picture === undefined ? '' : `--picture ${answer.picture} `}--cursor ${answer.next}`)
  return lines.join('\n')
}

const quoteAll = (words: readonly string[]): string => words.map((word) => `“${toPlainText(word)}”`).join(', ')

const NEAR_IN = {
  named: 'called just so',
  semantic: 'meaning',
  described: 'meaning of the description',
  similar: 'looks alike',
  combined: 'like the picture and the words',
} as const

function describeReason(reason: SearchAnswer['hits'][number]['why'][number]): string {
  if (reason.list === 'keyword') return `${reason.words.join(', ')} in ${reason.where.join(', ')}`
  const near = reason.cosine_distance === null ? '' : ` at ${reason.cosine_distance.toFixed(3)}`
  return `${NEAR_IN[reason.list]}${near}`
}
