/** @file When the library was last backed up, how far a running backup is, and how to make one. */
import { useQuery } from '@tanstack/react-query'
import type { BackupReport } from '../../../../src/contract/backup.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { formatBytes, formatMoment } from '../../../lib/format.ts'
import { Notice } from '../../../ui/notice.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { backupQuery } from '../api/status-queries.ts'
import { PanelSection } from './panel-section.tsx'

const PHASES: Readonly<Record<NonNullable<BackupReport['phase']>, string>> = {
  database: 'Copying the database',
  files: 'Copying files',
  check: 'Checking the copy',
  retention: 'Removing old backups',
}

export function BackupState() {
  const { data } = useQuery(backupQuery)
  if (!data) return null
  const { state, target, error, last } = data
  return (
    <PanelSection title="Backup">
      {last && (
        <p className="text-sm">
          Last backup: <time dateTime={last.finished_at}>{formatMoment(last.finished_at)}</time>
          <span className="block text-muted wrap-anywhere">{last.target}</span>
        </p>
      )}
      {!last && state !== 'running' && (
        <div className="flex flex-col gap-1.5 text-sm text-muted">
          <p>Last backup: never. To make one, run this command with a folder on another disk:</p>
          <code className="rounded-lg bg-raised px-2.5 py-1.5 text-xs text-ink wrap-anywhere">
            npx fototeca backup /mnt/backup/fototeca
          </code>
        </div>
      )}
      {state === 'running' && <Running report={data} />}
      {state === 'failed' && (
        <Notice tone="danger">
          The backup to {target} failed: {error}. Run the same command again; it continues where it stopped.
        </Notice>
      )}
    </PanelSection>
  )
}

function Running({ report: { target, phase, files, files_total, bytes, bytes_total } }: { readonly report: BackupReport }) {
  return (
    <div className="flex flex-col gap-1 text-sm">
      <p className="wrap-anywhere">Backing up to {target}</p>
      {phase && <p className="text-muted">{PHASES[phase]}</p>}
      {phase === 'files' && files_total > 0 && (
        <ProgressBar
          label="Files copied"
          share={files / files_total}
          text={`${files} of ${countOf(files_total, 'file')}, ${formatBytes(bytes)} of ${formatBytes(bytes_total)}`}
        />
      )}
    </div>
  )
}
