/** @file fototeca export: facts as CSV or JSON, pictures as a ZIP, of a search, an album or chosen photos; written while it arrives. */
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { EXPORT_COLUMNS, EXPORT_FORMATS, type ExportColumn, type ExportFormat, type ExportRequest } from '../../contract/exports.ts'
import { countOf } from '../../domain/count-of.ts'
import type { Api } from '../api.ts'
import type { CliContext } from '../context.ts'
import { toPlainText } from '../format.ts'
import { saveFile } from '../save-file.ts'
import { findAlbumId } from './albums.ts'
import { splitList } from './categories.ts'

interface ExportOptions {
  readonly to?: string
  readonly format: ExportFormat
  readonly columns?: string
  readonly ids?: string
  readonly album?: string
}

export function addExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('export metadata as CSV or JSON, or pictures as a ZIP')
    .argument('[words...]', 'photos this search finds; all photos if no words, --album, or --ids are given')
    .option('--to <file>', 'output file; standard output by default')
    .addOption(new Option('--format <format>', 'what is written').choices(EXPORT_FORMATS).default('csv'))
    .option('--columns <names>', `of CSV and JSON: ${EXPORT_COLUMNS.join(', ')}`)
    .option('--album <album>', 'photos of an album or saved search, by name or number')
    .option('--ids <ids>', 'photos by number')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca export --format csv --columns id,filename,tags --to photos.csv\n' +
        '  fototeca export receipts --format zip-originals --to receipts.zip\n  fototeca export --album Norway --format zip-previews --to norway.zip',
    )
    .action(async (words: string[], options: ExportOptions) => {
      const { to } = options
      const done = await context.withApi(async (api) => {
        const report = await api.call('prepareExport', {
          body: { photos: await toChoice(api, words, options), format: options.format, ...toColumns(options.columns) },
        })
        const bytes = await api.fetchBytes(report.path)
        if (to === undefined) await pipeline(bytes, context.deps.stdout, { end: false })
        else await saveFile(bytes, to, context)
        return report
      })
      if (to !== undefined)
        context.print(
          { ...done, to },
          () =>
            `${countOf(done.photos, 'photo')} written to ${toPlainText(to)}${done.missing > 0 ? `; ${countOf(done.missing, 'picture is', 'pictures are')} not there` : ''}`,
        )
    })
}

async function toChoice(api: Api, words: readonly string[], { ids, album }: ExportOptions): Promise<ExportRequest['photos']> {
  if (ids !== undefined) return { ids: splitList(ids).map(Number) }
  if (album !== undefined) return { album: await findAlbumId(api, album) }
  return { search: { q: words.join(' '), mode: 'hybrid', all: false } }
}

/** The server says which it does not know. */
const toColumns = (columns: string | undefined) => (columns === undefined ? {} : { columns: splitList(columns) as ExportColumn[] })
