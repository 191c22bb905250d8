/** @file fototeca rebuild: a library made anew from its originals and records, after its database was lost. */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { RebuildReport } from '../../contract/rebuild.ts'
import { countOf } from '../../domain/count-of.ts'
import { type CliContext, Failed } from '../context.ts'
import { toPlainText } from '../format.ts'
import { createLineProgress } from '../line-progress.ts'

const ASK_EVERY_MS = 500

export function addRebuild(program: Command, context: CliContext): void {
  program
    .command('rebuild')
    .description('rebuild the library from the originals and records in its data folder after the database is lost')
    .argument('[folders...]', 'folders that were indexed in place, to index again')
    .option('--add', 'in a library with photos: add uploaded files that belong to no photo, for example after restoring an older database')
    .addHelpText(
      'after',
      '\nOriginals are only read. A broken original is named and left where it is. What is interrupted goes on at the next start or call.' +
        '\n\nExamples:\n  fototeca rebuild\n  fototeca rebuild ~/Pictures /mnt/archive\n  fototeca rebuild --add',
    )
    .action(async (folders: string[], { add }: { add?: boolean }) => {
      await context.withApi(async (api) => {
        let report = await api.call('startRebuild', { body: { folders: folders.map((folder) => resolve(folder)), add: add === true } })
        const progress = createLineProgress(context)
        try {
          while (report.state === 'working') {
            progress.update(`${report.uploads} uploaded files taken in so far`)
            await sleep(ASK_EVERY_MS)
            report = await api.call('getRebuild')
          }
        } finally {
          progress.stop()
        }
        context.print(report, () => renderReport(report))
        if (report.state !== 'done' || report.problems.length > 0) throw new Failed()
      })
    })
}

function renderReport({ state, reason, uploads, named, from_sidecars, records, albums, problems }: RebuildReport): string {
  return [
    state === 'done' ? 'The library was rebuilt.' : `Rebuilding stopped: ${reason ?? 'it was interrupted'}. The same command goes on.`,
    `${uploads} uploaded files are photos again, ${named} with name and decisions, ${from_sidecars} with what a sidecar says`,
    `decisions brought back for ${countOf(records, 'photo')} in folders; ${countOf(albums, 'album')}`,
    ...problems.map(({ file, reason: why }) => `left as it is: ${file}: ${why}`),
  ]
    .map(toPlainText)
    .join('\n')
}
