/** @file fototeca trash: what is in it, bringing back, emptying; files in folders are deleted only when asked for twice. */
import type { Command } from 'commander'
import type { EmptyReport } from '../../contract/trash.ts'
import { countOf } from '../../domain/count-of.ts'
import { ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { splitList } from './categories.ts'

interface EmptyOptions {
  readonly ids?: string
  readonly all?: boolean
  readonly deleteFiles?: boolean
  readonly confirm?: string
  readonly files?: string
}

export function addTrash(program: Command, context: CliContext): void {
  const trash = program
    .command('trash')
    .description('list, restore, and permanently delete photos in the trash')
    .addHelpText('after', '\nExamples:\n  fototeca trash list\n  fototeca trash restore 4,8\n  fototeca trash empty --all')
  trash
    .command('list')
    .description('list photos in the trash, most recently deleted first')
    .option('--removed', 'list deleted photos that are still remembered because their file remains in a folder')
    .option('--limit <n>', 'photos per page', '100')
    .option('--after <n>', 'continue after the previous page (its `next`)')
    .action(async ({ removed, limit, after }: { removed?: boolean; limit: string; after?: string }) => {
      const query = { removed: removed === true ? 'true' : 'false', limit, after } as const
      const report = await context.withApi((api) => api.call('getTrash', { query }))
      context.print(report, () =>
        [
          formatTable(
            report.photos.map(({ photo, trashed_at, deleted_on, in_place }) => [
              String(photo.id),
              toPlainText(photo.filename),
              `deleted ${trashed_at.slice(0, 10)}`,
              deleted_on === null ? 'deleted' : `deleted on ${deleted_on.slice(0, 10)}`,
              in_place ? 'its file stays in its folder' : '',
            ]),
          ),
          `${countOf(report.total, 'photo')}, ${formatSize(report.bytes)}`,
          ...(report.next === null ? [] : [`more: --after ${report.next}`]),
        ].join('\n'),
      )
    })
  trash
    .command('restore')
    .description('restore photos')
    .argument('[ids]', 'photo numbers')
    .option('--all', 'everything in the trash')
    .action(async (ids: string | undefined, options: { all?: boolean }) => {
      const body = choose(ids, options.all)
      const report = await context.withApi((api) => api.call('restoreTrash', { body }))
      context.print(report, () => `${countOf(report.restored, 'photo is', 'photos are')} back`)
    })
  trash
    .command('empty')
    .description('delete permanently; files in folders stay unless --delete-files is confirmed')
    .option('--ids <ids>', 'only these photos')
    .option('--all', 'everything in the trash')
    .option('--delete-files', 'also delete files in folders: shows what would be deleted and how to confirm')
    .option('--confirm <token>', 'the token from that answer')
    .option('--files <n>', 'number of files in folders to delete')
    .action(async (options: EmptyOptions) => {
      const confirm = options.confirm === undefined ? {} : { confirm: { token: options.confirm, files: Number(options.files) } }
      const body = {
        ...choose(options.ids, options.all),
        files: options.deleteFiles === true ? ('delete' as const) : ('keep' as const),
        ...confirm,
      }
      const report = await context.withApi((api) => api.call('emptyTrash', { body }))
      context.print(report, () => renderEmptied(report))
    })
}

function choose(ids: string | undefined, all: boolean | undefined): { ids?: number[] } {
  if (ids !== undefined) return { ids: splitList(ids).map(Number) }
  if (all !== true) throw new ApiError(422, 'say which photos, by their numbers, or --all', 'invalid')
  return {}
}

function renderEmptied({ deleted, bytes, files_deleted, files_kept, problems, confirm }: EmptyReport): string {
  if (confirm !== null)
    return [
      `Nothing was deleted yet. ${countOf(confirm.files, 'file')} would be deleted in ${confirm.folders.map(toPlainText).join(', ')}.`,
      `To do it, within five minutes, while the server runs: the same call with --confirm ${confirm.token} --files ${confirm.files}`,
    ].join('\n')
  const inFolders = [
    files_deleted > 0 ? `${countOf(files_deleted, 'file')} in folders deleted` : '',
    files_kept > 0 ? `${countOf(files_kept, 'file')} in folders kept` : '',
  ]
  return [
    [`${countOf(deleted, 'photo')} deleted, ${formatSize(bytes)} freed`, ...inFolders.filter((part) => part !== '')].join('; '),
    ...problems.map(toPlainText),
  ].join('\n')
}

const formatSize = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
