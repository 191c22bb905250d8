/** @file One reason of failure: what could not be done, why, how often, and some of the pictures. */
import { Link } from '@tanstack/react-router'
import { ImageOff, RotateCw } from 'lucide-react'
import type { FailureGroup } from '../../../../src/contract/failures.ts'
import { render } from '../../../../src/contract/messages/message.ts'
import type { PhotoCard } from '../../../../src/contract/photo.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { formatModel } from '../../../lib/format.ts'
import { STEP_LABELS } from '../../../lib/step-names.ts'
import { placeholderUrl } from '../../../lib/thumbhash.ts'
import { Button } from '../../../ui/button.tsx'

interface FailureCardProps {
  readonly group: FailureGroup
  readonly busy: boolean
  readonly onRetry: () => void
}

export function FailureCard({ group, busy, onRetry }: FailureCardProps) {
  const what = group.step === null ? 'Not taken as a picture' : STEP_LABELS[group.step]
  const reason = group.message ? render(group.message) : 'No reason was given.'
  const left = group.count - group.examples.length
  return (
    <article aria-label={`${what}: ${reason}`} className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
            {what}
            <span className="text-sm font-normal text-muted">
              {countOf(group.count, group.of === 'files' ? 'file' : 'photo')}
              {group.model && ` · ${formatModel(group.model)}`}
            </span>
          </h2>
          <p className="mt-0.5 text-sm wrap-anywhere text-danger first-letter:uppercase">{reason}</p>
        </div>
        {group.can_retry && (
          <Button onClick={onRetry} disabled={busy} aria-label={`Try again: ${what}, ${reason}`} className="shrink-0">
            <RotateCw className="size-4" aria-hidden />
            <span className="max-sm:hidden">Try again</span>
          </Button>
        )}
      </div>
      <ul className="flex flex-wrap gap-1.5">
        {group.examples.map((photo) => (
          <li key={photo.id}>
            <Example photo={photo} />
          </li>
        ))}
        {left > 0 && <li className="self-center px-2 py-1 text-sm text-muted">and {countOf(left, 'more', 'more')}</li>}
      </ul>
      {!group.can_retry && <p className="text-xs text-muted">The file itself must change first; when it does, it is read again.</p>}
    </article>
  )
}

function Example({ photo }: { readonly photo: PhotoCard }) {
  const placeholder = placeholderUrl(photo.thumbhash)
  return (
    <Link
      to="/photo/$id"
      params={{ id: String(photo.id) }}
      title={photo.filename}
      aria-label={photo.filename}
      className="block size-20 overflow-hidden rounded-lg bg-tile bg-cover"
      style={placeholder ? { backgroundImage: `url(${placeholder})` } : {}}
    >
      {photo.width === null ? (
        <span className="flex size-full flex-col items-center justify-center gap-1 p-1 text-muted">
          <ImageOff className="size-5 shrink-0" aria-hidden />
          <span className="line-clamp-2 text-center text-[10px] leading-tight wrap-anywhere">{photo.filename}</span>
        </span>
      ) : (
        <img src={pictureUrl('getThumbnail', photo)} alt="" loading="lazy" decoding="async" className="size-full object-cover" />
      )}
    </Link>
  )
}
