/** @file How the library is: progress, notices, folders, the check of files, backups, and the model of each capability. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Health, Progress } from '../../../../src/contract/library.ts'
import type { Capability, Lane } from '../../../../src/contract/words.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { formatModel, formatSpan } from '../../../lib/format.ts'
import { healthQuery, progressQuery } from '../../../lib/library-queries.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { BackupState } from './backup-state.tsx'
import { FileCheck } from './file-check.tsx'
import { Folders } from './folders.tsx'
import { ModelOffer } from './model-offer.tsx'
import { PanelSection } from './panel-section.tsx'
import { SignedIn } from './signed-in.tsx'
import { UpgradeState } from './upgrade-state.tsx'

const CAPABILITIES: Record<Capability, string> = {
  'cut-out': 'Cut-outs',
  'make-image': 'Made pictures',
  'find-objects': 'Objects',
  tag: 'Labels',
  'read-text': 'Text',
  'find-faces': 'Faces',
  'embed-image': 'Meaning of pictures',
  'embed-text': 'Meaning of words',
  describe: 'Descriptions',
}
const LANES: Record<Lane, string> = {
  analyse: 'Analysis',
  tag: 'Tags in words',
  people: 'People',
  describe: 'Descriptions',
  inspire: 'Inspiration prompts',
  generate: 'Product pictures',
}

export function StatusPanel({ onClose }: { readonly onClose: () => void }) {
  const { data: progress, error } = useQuery(progressQuery)
  const { data: health } = useQuery({ ...healthQuery, refetchInterval: 5_000 })
  // health tells those of the progress too; both at once would count damaged files as of two moments
  const notices = health?.notices ?? progress?.notices ?? []
  return (
    <Dialog title="Library" look="corner" onClose={onClose}>
      <section aria-label="Library status" className="flex flex-col gap-5">
        {error && <Notice tone="danger">{error.message}</Notice>}
        {progress && <ProgressFacts progress={progress} onLeave={onClose} />}
        {notices.map((notice) => (
          <Notice key={notice} tone="warn">
            {notice}
          </Notice>
        ))}
        <PanelSection title="Folders">
          <Folders />
        </PanelSection>
        <FileCheck onLeave={onClose} />
        <BackupState />
        {health && <Lanes lanes={health.lanes} />}
        {health && <Models models={health.models} said={notices} onLeave={onClose} />}
        <p className="text-sm">
          <Link to="/settings/descriptions" onClick={onClose} className="text-accent hover:underline">
            Descriptions by models
          </Link>{' '}
          {health && <span className="text-muted">{health.leaves}</span>}
        </p>
        <ModelOffer />
        <SignedIn />
        {health && (
          <p className="text-xs text-muted">
            fototeca {health.version} · {health.database === 'pglite' ? 'embedded database' : 'PostgreSQL'} ·{' '}
            <a href="/docs" className="text-accent hover:underline">
              API
            </a>
          </p>
        )}
      </section>
    </Dialog>
  )
}

function ProgressFacts({ progress, onLeave }: { readonly progress: Progress; readonly onLeave: () => void }) {
  const { photos, done, due, failed, partial, per_second, seconds_left, scanning } = progress
  const share = photos === 0 ? 0 : done / photos
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-2">
        <p className="text-2xl font-semibold tracking-tight tabular-nums">{formatCount(photos)}</p>
        <p className="text-sm text-muted">{photos === 1 ? 'photo' : 'photos'}</p>
      </div>
      {due > 0 && (
        <>
          <div
            className="h-1.5 overflow-hidden rounded-full bg-raised"
            role="progressbar"
            aria-label="Analysed"
            aria-valuenow={Math.round(share * 100)}
          >
            <div className="h-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
          </div>
          <p className="text-sm text-muted tabular-nums">
            {formatCount(done)} done, {formatCount(due)} to go
            {per_second ? ` · ${per_second >= 1 ? `${per_second.toFixed(1)} a second` : `${(1 / per_second).toFixed(1)} s each`}` : ''}
            {seconds_left !== null ? ` · about ${formatSpan(seconds_left)} left` : ''}
          </p>
        </>
      )}
      {progress.upgrade.photos > 0 && <UpgradeState upgrade={progress.upgrade} />}
      {scanning.map((folder) => (
        <p key={folder.path} className="text-sm text-muted wrap-anywhere">
          Reading {folder.path}: {countOf(folder.seen, 'picture file')} so far
        </p>
      ))}
      {due === 0 && scanning.length === 0 && photos > 0 && <p className="text-sm text-muted">Everything is analysed.</p>}
      {(failed > 0 || partial > 0) && (
        <Link to="/clean-up/failures" onClick={onLeave} className="self-start text-sm text-warn underline underline-offset-2">
          {[failed > 0 ? `${formatCount(failed)} could not be read` : '', partial > 0 ? `${formatCount(partial)} with facts missing` : '']
            .filter((part) => part !== '')
            .join(', ')}
        </Link>
      )}
    </div>
  )
}

function Lanes({ lanes }: { readonly lanes: Health['lanes'] }) {
  const telling = lanes.filter((lane) => lane.state !== 'idle' && lane.state !== 'off')
  if (telling.length === 0) return null
  return (
    <PanelSection title="Work">
      {telling.map((lane) => (
        <p key={lane.lane} className="text-sm">
          {LANES[lane.lane]}: {lane.state === 'paused' ? <span className="text-warn">paused</span> : 'working'}
          {lane.due > 0 && <span className="text-muted">, {countOf(lane.due, 'photo')} due</span>}
          {lane.reason && <span className="block text-xs text-muted wrap-anywhere">{lane.reason}</span>}
        </p>
      ))}
    </PanelSection>
  )
}

/** `said`: notices shown above already */
interface ModelsProps {
  readonly models: Health['models']
  readonly said: readonly string[]
  readonly onLeave: () => void
}

function Models({ models, said, onLeave }: ModelsProps) {
  return (
    <PanelSection title="Models">
      <dl className="grid grid-cols-[9rem_1fr] gap-x-3 gap-y-1.5 text-sm">
        {models.map((model) => (
          <div key={model.capability} className="contents">
            <dt className="text-muted">{CAPABILITIES[model.capability]}</dt>
            <dd
              className="min-w-0 wrap-anywhere"
              title={model.model === null ? undefined : `${model.model}, licence ${model.licence ?? 'unknown'}`}
            >
              {model.model === null ? <span className="text-warn">none</span> : formatModel(model.model)}
              {model.model === null && model.notice && !said.includes(model.notice) && (
                <span className="block text-xs text-muted">{model.notice}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <Link to="/settings/models" onClick={onLeave} className="self-start text-sm text-accent hover:underline">
        Manage models
      </Link>
    </PanelSection>
  )
}
