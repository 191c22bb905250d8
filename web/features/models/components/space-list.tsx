/** @file The spaces of search by meaning: which answers, which fills and how far, and what can be done about it. */
import { Pause, Play, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { SpaceReport } from '../../../../src/contract/library.ts'
import { BASIC_MEANING, BASIC_MEANING_LABEL } from '../../../../src/contract/words.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import type { ModelActions } from '../use-model-actions.ts'

const STATE_WORDS = {
  serving: 'Answers searches',
  filling: 'Being filled',
  paused: 'Paused',
  kept: 'Kept, not in use',
} as const satisfies Record<SpaceReport['state'], string>

interface SpaceListProps {
  readonly spaces: readonly SpaceReport[]
  readonly actions: ModelActions
}

export function SpaceList({ spaces, actions }: SpaceListProps) {
  const [dropping, setDropping] = useState<SpaceReport | null>(null)
  if (spaces.length === 0) return null
  return (
    <>
      <ul aria-label="Spaces" className="divide-y divide-line rounded-2xl border border-line bg-surface">
        {spaces.map((space) => (
          <li key={space.id} aria-label={nameOf(space)} className="flex flex-col gap-2 px-4 py-3">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <div className="min-w-0 flex-1 basis-48">
                <p className="text-sm font-medium wrap-anywhere">{nameOf(space)}</p>
                <p className="text-xs text-muted">
                  {STATE_WORDS[space.state]}, {countOf(space.vectors, 'photo')}
                  {space.owed > 0 && `, ${space.owed} to go`}
                </p>
              </div>
              <SpaceActions space={space} actions={actions} onDrop={() => setDropping(space)} />
            </div>
            {(space.state === 'filling' || space.state === 'paused') && (
              <ProgressBar label={`Fill of ${nameOf(space)}`} share={shareOf(space)} text={`${Math.floor(shareOf(space) * 100)} %`} />
            )}
            {space.reason && space.reason !== 'paused by hand' && <Notice tone="warn">{space.reason}</Notice>}
          </li>
        ))}
      </ul>
      {dropping && (
        <Dialog title={`Delete the vectors of ${nameOf(dropping)}?`} onClose={() => setDropping(null)}>
          <div className="flex flex-col gap-4 text-sm">
            <p>To use this model again, all {dropping.vectors} photos would have to be looked at once more.</p>
            <div className="flex flex-wrap justify-end gap-2">
              <Button onClick={() => setDropping(null)}>Keep them</Button>
              <Button
                look="solid"
                onClick={() => {
                  actions.mutate({ do: 'drop', id: dropping.id })
                  setDropping(null)
                }}
              >
                Delete them
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}

interface SpaceActionsProps {
  readonly space: SpaceReport
  readonly actions: ModelActions
  readonly onDrop: () => void
}

function SpaceActions({ space, actions, onDrop }: SpaceActionsProps) {
  const busy = actions.isPending
  const canAnswer = space.model !== null && space.vectors > 0
  return (
    <div className="flex flex-wrap items-center gap-2">
      {space.state === 'filling' && (
        <IconButton label="Pause" onClick={() => actions.mutate({ do: 'pause', id: space.id })} disabled={busy}>
          <Pause className="size-4" aria-hidden />
        </IconButton>
      )}
      {space.state === 'paused' && (
        <IconButton label="Go on" onClick={() => actions.mutate({ do: 'resume', id: space.id })} disabled={busy}>
          <Play className="size-4" aria-hidden />
        </IconButton>
      )}
      {space.state !== 'serving' && space.of === 'pictures' && canAnswer && (
        <Button onClick={() => actions.mutate(space.is_previous ? { do: 'roll-back' } : { do: 'use-space', id: space.id })} disabled={busy}>
          {space.is_previous && <Undo2 className="size-4" aria-hidden />}
          {space.is_previous ? 'Go back to it' : 'Use now'}
        </Button>
      )}
      {space.state !== 'serving' && (space.of === 'pictures' || space.state === 'kept') && (
        <IconButton label={`Delete the vectors of ${nameOf(space)}`} onClick={onDrop} disabled={busy}>
          <Trash2 className="size-4" aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

function nameOf({ model, name, of }: SpaceReport): string {
  if (of === 'texts') return `${model ?? name} (descriptions)`
  if (model === BASIC_MEANING) return BASIC_MEANING_LABEL
  return model ?? (name.startsWith('builtin/') ? 'look (search by picture)' : name)
}
const shareOf = ({ vectors, owed }: SpaceReport): number => (vectors + owed === 0 ? 1 : vectors / (vectors + owed))
