/** @file fototeca sources: the folders of the library: list, add, move, pause, resume, remove. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { RemovedSource, SourceReport } from '../../contract/library.ts'
import { countOf } from '../../domain/count-of.ts'
import { type Api, ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { waitForEdit } from './edit.ts'
import { FOLLOW_LINKS } from './serve.ts'

export function addSources(program: Command, context: CliContext): void {
  const sources = program
    .command('sources')
    .description('manage the folders of the library; files on disk are never changed')
    .addHelpText(
      'after',
      '\nA source is given by its number or its path.\n\nExamples:\n  fototeca sources add /mnt/photos\n' +
        '  fototeca sources move /mnt/photos /srv/photos\n  fototeca sources remove 3 --photos trash --dry-run',
    )
  sources
    .command('list')
    .description('list folders and other sources')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listSources'))
      context.print(answer, () => renderSources(answer.sources))
    })
  sources
    .command('add')
    .description('index a folder in place and watch it')
    .argument('<folder>')
    .option(...FOLLOW_LINKS)
    .action(async (folder: string, { followLinks }: { followLinks?: string[] }) => {
      const links = followLinks === undefined ? {} : { follow_links: followLinks.map((target) => resolve(target)) }
      const source = await context.withApi((api) => api.call('addSource', { body: { path: resolve(folder), ...links } }))
      context.print(source, () => renderSources([source]))
    })
  sources
    .command('move')
    .description('tell the library that a folder has moved; its photos keep their data')
    .argument('<source>')
    .argument('<folder>', 'new location')
    .option('--force', 'even if most of the known files are missing there')
    .action(async (source: string, folder: string, { force = false }: { force?: boolean }) =>
      change(context, source, { path: resolve(folder), force }),
    )
  sources
    .command('pause')
    .description('stop scanning and watching a folder; its photos stay')
    .argument('<source>')
    .action((source: string) => change(context, source, { paused: true }))
  sources
    .command('resume')
    .description('scan and watch a folder again')
    .argument('<source>')
    .action((source: string) => change(context, source, { paused: false }))
  sources
    .command('remove')
    .description('remove a folder from the library; a folder named in `fototeca serve` is added again at the next start')
    .argument('<source>')
    .addOption(
      new Option('--photos <what>', 'trash: move its photos to the trash; missing: keep them, marked as missing')
        .choices(['trash', 'missing'])
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'only count')
    .action(async (source: string, { photos, dryRun = false }: { photos: 'trash' | 'missing'; dryRun?: boolean }) => {
      const removed = await context.withApi(async (api) => {
        const { id } = await find(api, source)
        const report = await api.call('removeSource', { params: { id }, query: { photos, dry_run: dryRun ? 'true' : 'false' } })
        if (report.edit !== null) await waitForEdit(api, await api.call('getEdit', { params: { id: report.edit } }))
        return report
      })
      context.print(removed, () => renderRemoved(removed, photos))
    })
}

type Change = { readonly path: string; readonly force: boolean } | { readonly paused: boolean }

async function change(context: CliContext, source: string, body: Change): Promise<void> {
  const changed = await context.withApi(async (api) => {
    const { id } = await find(api, source)
    return api.call('changeSource', { params: { id }, body: { force: false, ...body } })
  })
  context.print(changed, () => renderSources([changed]))
}

/** By its number, or by its path as it is or as the shell sees it. */
async function find(api: Api, source: string): Promise<SourceReport> {
  const { sources } = await api.call('listSources')
  const found = sources.find(({ id, path }) => String(id) === source || (path !== null && (path === source || path === resolve(source))))
  if (!found) throw new ApiError(404, `there is no source ${source}; fototeca sources list names them`, 'not_found')
  return found
}

function renderSources(sources: readonly SourceReport[]): string {
  const details = (source: SourceReport) =>
    [
      source.notice === null ? '' : `! ${source.notice}`,
      ...source.follow_links.map((target) => `links may lead to ${target}`),
      ...source.skipped_links.examples.map(({ path, target }) => `skipped ${path} → ${target}`),
    ].filter((line) => line !== '')
  const rows = sources.map((source) => [
    String(source.id),
    toPlainText(source.path ?? 'uploads'),
    countOf(source.photos, 'photo'),
    source.missing > 0 ? `${source.missing} missing` : '',
    source.paused_at === null ? '' : 'paused',
  ])
  const table = formatTable(rows).split('\n')
  return sources.flatMap((source, index) => [table[index] ?? '', ...details(source).map((line) => `  ${toPlainText(line)}`)]).join('\n')
}

function renderRemoved({ photos, elsewhere, edit, dry_run }: RemovedSource, what: 'trash' | 'missing'): string {
  const where = what === 'trash' ? 'the trash' : 'missing photos'
  const stay = elsewhere === 0 ? '' : `; ${elsewhere} also lie elsewhere and stay`
  if (dry_run) return `would move ${countOf(photos, 'photo')} to ${where}${stay}. Nothing was changed`
  const back = edit === null ? 'add the folder again to undo it' : `undo it with edit ${edit}: fototeca edit undo ${edit}`
  return `removed; ${countOf(photos, 'photo')} moved to ${where}${stay}; ${back}`
}
