/** @file fototeca restore: a library from a backup, into an empty data folder. No server may run on it. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { RestoreProgress } from '../../backup/restore.ts'
import { countOf } from '../../domain/count-of.ts'
import { type CliContext, Failed } from '../context.ts'
import { toPlainText } from '../format.ts'
import { createLineProgress } from '../line-progress.ts'

interface RestoreCommandOptions {
  readonly snapshot?: string
  readonly skipDamaged?: boolean
  readonly foldersTo?: string
}

export function addRestore(program: Command, context: CliContext): void {
  program
    .command('restore')
    .description('restore a library from a backup into an empty data folder (and the empty database of DATABASE_URL, if set)')
    .argument('<target>', 'the backup target: a folder, or store:NAME')
    .option('--snapshot <name>', 'the backup to restore instead of the newest; list them with `fototeca backup <target> --list`')
    .option('--skip-damaged', 'skip files that are damaged in the backup, and list them')
    .option(
      '--folders-to <folder>',
      'put the photos of indexed folders here, each source in a folder of its own (made with --with-folders)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca restore /mnt/backup/fototeca --data /srv/fototeca\n' +
        '  DATABASE_URL=postgres://… fototeca restore /mnt/backup/fototeca --data /srv/fototeca\n\nInterrupted, the same command goes on where it was.',
    )
    .action(async (target: string, { snapshot, skipDamaged = false, foldersTo }: RestoreCommandOptions) => {
      // other commands have no use for what this takes
      const [{ openPlaceToRead }, { readSnapshot }, { restore }] = await Promise.all([
        import('../../backup/place.ts'),
        import('../../backup/snapshot.ts'),
        import('../../backup/restore.ts'),
      ])
      const config = context.config()
      await using place = await openPlaceToRead(target, config)
      const manifest = await readSnapshot(place, snapshot)
      const progress = createLineProgress(context)
      const restored = await restore(
        place,
        manifest,
        config,
        { skipDamaged, foldersTo: foldersTo === undefined ? null : resolve(foldersTo) },
        (now) => progress.update(describeProgress(now)),
        new AbortController().signal,
      ).finally(() => progress.stop())
      context.print({ snapshot: manifest.name, data: config.dataDir, ...restored }, () =>
        [
          `${manifest.name} is restored into ${config.dataDir}: ${countOf(restored.photos, 'photo')}, ` +
            `${countOf(restored.files, 'file')}. Start it with \`fototeca serve\`; thumbnails are made again then`,
          ...restored.paused.map(
            (path) =>
              `${path} is not on this machine: paused, its photos stay. Say where it lies now with \`fototeca sources move\`, or resume it when it is there`,
          ),
          ...restored.damaged.map((path) => `damaged in the backup, left out: ${path}`),
        ]
          .map(toPlainText)
          .join('\n'),
      )
      if (restored.damaged.length > 0) throw new Failed()
    })
}

const PHASES = { fetch: 'fetching tables', files: 'restoring files', database: 'filling the database' }

const describeProgress = ({ phase, done, total }: RestoreProgress): string => `${PHASES[phase]}: ${done}/${total}`
