/** @file One model: where it stands, what it costs, under which terms, and what can be done with it. */
import { Download, Gauge, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { CatalogueModel } from '../../../../src/contract/library.ts'
import { BASIC_MEANING, BASIC_MEANING_LABEL } from '../../../../src/contract/words.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { formatBytes, formatPercent } from '../../../lib/format.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import type { ModelActions } from '../use-model-actions.ts'
import { LicenceDialog } from './licence-dialog.tsx'

const STATE_WORDS = {
  active: 'In use',
  filling: 'Being prepared',
  downloading: 'Downloading',
  'built-in': 'Built in',
  installed: 'Installed',
  'not installed': 'Available',
} as const satisfies Record<CatalogueModel['state'], string>

/** Of these, a built-in model may be there and not in use. */
const HAS_OTHERS = ['find-faces', 'embed-image'] as const

interface ModelCardProps {
  readonly model: CatalogueModel
  readonly actions: ModelActions
}

export function ModelCard({ model, actions }: ModelCardProps) {
  const [isAsking, setAsking] = useState(false)
  const { name, state } = model
  const isOn =
    state === 'active' || (state === 'built-in' && model.task === null && !HAS_OTHERS.some((one) => model.capabilities.includes(one)))
  const pull = (accepted: boolean) => actions.mutate({ do: 'pull', name, accepted })
  const canUse = state === 'installed' || (state === 'built-in' && model.capabilities.includes('find-faces'))
  return (
    <article
      aria-label={name}
      className={`flex h-full flex-col gap-3 rounded-2xl border p-4 ${isOn ? 'border-accent/40 bg-accent-soft/40' : 'border-line bg-surface'}`}
    >
      <div className="flex items-start justify-between gap-3">
        <h3 className="min-w-0 text-sm font-semibold wrap-anywhere">{name === BASIC_MEANING ? BASIC_MEANING_LABEL : name}</h3>
        <span
          className={`shrink-0 rounded-full px-2.5 py-0.5 text-xs font-medium ${isOn ? 'bg-accent text-on-accent' : 'bg-raised text-muted'}`}
        >
          {STATE_WORDS[state]}
        </span>
      </div>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        <Fact name="Size">{sizeOf(model)}</Fact>
        <Fact name="Licence">{model.licence}</Fact>
        <Fact name="Speed here">{speedOf(model)}</Fact>
        {model.pin && <Fact name="Source">{model.pin.text}</Fact>}
        <Fact name="Quality">{model.quality ?? 'not measured'}</Fact>
      </dl>
      {model.note && <p className="text-sm text-muted wrap-anywhere first-letter:uppercase">{model.note}</p>}
      {model.notice && <Notice tone={state === 'downloading' ? 'info' : 'warn'}>{model.notice}</Notice>}
      {state === 'downloading' && (
        <ProgressBar label={`Download of ${name}`} share={model.progress ?? 0} text={formatPercent(model.progress ?? 0)} />
      )}
      <div className="mt-auto flex flex-wrap items-center gap-2 empty:hidden">
        {state === 'not installed' && (
          <Button onClick={() => (model.terms === null ? pull(false) : setAsking(true))} disabled={actions.isPending}>
            <Download className="size-4" aria-hidden />
            Download
          </Button>
        )}
        {model.pin?.changed && (
          <Button onClick={() => actions.mutate({ do: 'pull', name, accepted: true, acceptChanged: true })} disabled={actions.isPending}>
            Accept the new files
          </Button>
        )}
        {canUse && (
          <Button look="solid" onClick={() => actions.mutate({ do: 'use', name })} disabled={actions.isPending}>
            Use
          </Button>
        )}
        {model.task !== null && model.installed_bytes !== null && state !== 'downloading' && (
          <IconButton label={`Measure ${name}`} onClick={() => actions.mutate({ do: 'measure', name })} disabled={actions.isPending}>
            <Gauge className="size-4" aria-hidden />
          </IconButton>
        )}
        {state === 'installed' && (
          <IconButton label={`Delete ${name}`} onClick={() => actions.mutate({ do: 'remove', name })} disabled={actions.isPending}>
            <Trash2 className="size-4" aria-hidden />
          </IconButton>
        )}
      </div>
      {isAsking && (
        <LicenceDialog
          model={model}
          onClose={() => setAsking(false)}
          onAccept={() => {
            setAsking(false)
            pull(true)
          }}
        />
      )}
    </article>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </>
  )
}

function sizeOf({ task, installed_bytes, download_bytes }: CatalogueModel): string {
  if (task === null) return installed_bytes ? `${formatBytes(installed_bytes)}, comes with fototeca` : 'no files of its own'
  if (installed_bytes !== null) return `${formatBytes(installed_bytes)} on disk`
  return download_bytes === null ? 'not known' : `${formatBytes(download_bytes)} to download`
}

function speedOf({ ms_per_picture, measured_on, threads, batch }: CatalogueModel): string {
  if (ms_per_picture === null) return 'not measured'
  if (measured_on === 'photos') return `${ms_per_picture} ms a picture, median of your newest photos`
  const how = [
    threads === null ? null : countOf(threads, 'thread'),
    batch === null ? null : batch === 1 ? 'one picture at a time' : `${batch} pictures at a time`,
  ].filter((part) => part !== null)
  return [`${ms_per_picture} ms a picture`, ...how].join(', ')
}
