/** @file fototeca backup: the library into a folder or a store, while it runs; or a check of a backup that is there. */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { BackupReport } from '../../contract/backup.ts'
import { countOf } from '../../domain/count-of.ts'
import { FototecaError } from '../../domain/errors.ts'
import { ApiError } from '../api.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatBytes, toPlainText } from '../format.ts'
import { createLineProgress } from '../line-progress.ts'

interface BackupOptions {
  readonly keep: string
  readonly withFolders?: boolean
  readonly check?: boolean
  readonly list?: boolean
  readonly snapshot?: string
}

/** Between two looks at a backup that is being made. */
const LOOK_EVERY_MS = 300

export function addBackup(program: Command, context: CliContext): void {
  program
    .command('backup')
    .description('back up the library to a folder or a store while it runs; only new files are copied')
    .argument('<target>', 'a folder, or store:NAME for a store named in FOTOTECA_STORES')
    .option('--keep <count>', 'number of recent backups to keep', '14')
    .option('--with-folders', 'also copy photos from folders indexed in place; otherwise only their paths are recorded')
    .option('--list', 'list existing backups instead of making one')
    .option('--check', 'read back the newest backup and verify every checksum instead of making one')
    .option('--snapshot <name>', 'with --check: the backup to verify instead of the newest')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca backup /mnt/backup/fototeca\n  fototeca backup store:offsite --keep 30\n' +
        '  fototeca backup /mnt/backup/fototeca --check\n\nInterrupted, the same command goes on where it was. `fototeca restore` brings a backup back.',
    )
    .action(async (target: string, options: BackupOptions) => {
      if (options.list) await list(target, context)
      else if (options.check) await check(target, options.snapshot, context)
      else if (options.snapshot !== undefined) throw new ApiError(422, '--snapshot goes with --check only', 'invalid')
      else await make(target, options, context)
    })
}

async function make(target: string, { keep, withFolders = false }: BackupOptions, context: CliContext): Promise<void> {
  if (!/^[1-9]\d{0,3}$/.test(keep)) throw new ApiError(422, '--keep: a number of backups, at least 1', 'invalid')
  // the server has a working folder of its own
  const place = target.startsWith('store:') ? target : resolve(target)
  const report = await context.withApi(async (api) => {
    const progress = createLineProgress(context)
    let report = await api.call('startBackup', { body: { target: place, keep: Number(keep), with_folders: withFolders } })
    try {
      for (; report.state === 'running'; report = await api.call('getBackup')) {
        progress.update(describeProgress(report))
        await sleep(LOOK_EVERY_MS)
      }
    } finally {
      progress.stop()
    }
    return report
  })
  if (report.result === null) throw new FototecaError('unavailable', report.error ?? 'the backup was not made')
  context.print(report, () => describeResult(report))
  if (report.result.damaged.length > 0) throw new Failed()
}

const PHASES = {
  database: 'copying the database',
  files: 'copying files',
  check: 'checking what was written',
  retention: 'removing old backups',
}

function describeProgress({ phase, files, files_total, bytes, bytes_total }: BackupReport): string {
  if (phase === null) return ''
  return phase === 'files'
    ? `${PHASES[phase]}: ${files}/${files_total}, ${formatBytes(bytes)} of ${formatBytes(bytes_total)}`
    : PHASES[phase]
}

function describeResult({ target, result }: BackupReport): string {
  if (!result) return ''
  const lines = [
    `${result.snapshot} in ${target}: ${countOf(result.photos, 'photo')}, ${countOf(result.files, 'file')} (${result.written} new, ${formatBytes(result.written_bytes)}), checked`,
    ...(result.named_only > 0
      ? [`${countOf(result.named_only, 'photo')} in indexed folders named, not copied (--with-folders copies them)`]
      : []),
    ...(result.removed.length > 0 ? [`removed: ${result.removed.join(', ')}`] : []),
    ...result.gone.map((path) => `deleted while it was made: ${path}`),
    ...result.damaged.map((path) => `damaged in the library, and so not in the backup: ${path}`),
  ]
  return lines.map(toPlainText).join('\n')
}

/** Where a backup is read here and not by the server: other commands have no use for what that takes. */
async function loadBackup() {
  const [place, snapshot, check] = await Promise.all([
    import('../../backup/place.ts'),
    import('../../backup/snapshot.ts'),
    import('../../backup/check-backup.ts'),
  ])
  return { ...place, ...snapshot, ...check }
}

async function list(target: string, context: CliContext): Promise<void> {
  const { openPlaceToRead, listSnapshots } = await loadBackup()
  await using place = await openPlaceToRead(target, context.config())
  const { finished, unfinished } = await listSnapshots(place)
  context.print({ target: place.shown, snapshots: finished, unfinished }, () =>
    [...finished, ...unfinished.map((name) => `${name} (not finished)`)].map(toPlainText).join('\n'),
  )
}

async function check(target: string, snapshot: string | undefined, context: CliContext): Promise<void> {
  const { openPlaceToRead, readSnapshot, checkBackup } = await loadBackup()
  await using place = await openPlaceToRead(target, context.config())
  const manifest = await readSnapshot(place, snapshot)
  const progress = createLineProgress(context)
  const wrong = await checkBackup(
    place,
    manifest,
    ({ files, filesTotal }) => progress.update(`checking ${files}/${countOf(filesTotal, 'file')}`),
    new AbortController().signal,
  ).finally(() => progress.stop())
  const files = manifest.files?.count ?? 0
  context.print({ target: place.shown, snapshot: manifest.name, photos: manifest.photos, files, wrong }, () =>
    [
      wrong.length === 0
        ? `${manifest.name} in ${place.shown} is whole: ${countOf(manifest.photos, 'photo')}, ${countOf(files, 'file')}`
        : `${manifest.name} in ${place.shown} is damaged: ${wrong.length} missing or other than they were`,
      ...wrong.map((name) => `  ${name}`),
    ]
      .map(toPlainText)
      .join('\n'),
  )
  if (wrong.length > 0) throw new Failed()
}
