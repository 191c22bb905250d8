/** @file Who said something, how sure and when, in a person’s words; and the way back to what the machine says. */
import { Undo2 } from 'lucide-react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { formatModel, formatPercent } from '../../../lib/format.ts'

type Sayers = PhotoDetail['sayers']

export const nameSayer = (saidBy: string): string => (saidBy === 'person' ? 'you' : saidBy === 'file' ? 'the file' : formatModel(saidBy))

/** `centernet 1`, `Qwen3-VL (as served: …, prompt 3)`: which one it was, to the version. */
export function nameExactly(saidBy: string, sayers: Sayers): string {
  const sayer = sayers.find((one) => one.said_by === saidBy)
  const parts = [sayer?.version, sayer?.prompt_version ? `prompt ${sayer.prompt_version}` : null].filter((part) => part)
  return parts.length === 0 ? nameSayer(saidBy) : `${nameSayer(saidBy)} (${parts.join(', ')})`
}

const writeDay = (at: string | null): string =>
  at === null ? '' : new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** `by the file, 21 Nov 2026` */
export function describeSayer(saidBy: string | null, saidAt: string | null, sayers: Sayers): string {
  if (saidBy === null) return ''
  return `by ${nameExactly(saidBy, sayers)}${saidAt === null ? '' : `, ${writeDay(saidAt)}`}`
}

interface SaidBy {
  readonly what: string
  readonly confidence: number
  readonly said_by: string
}

/** Tags and boxes by who said them: model, version, prompt, when, and how sure of each. */
export function WhoSaid({ photo }: { readonly photo: PhotoDetail }) {
  const said: SaidBy[] = [
    ...photo.tags.map(({ tag, confidence, said_by }) => ({ what: tag, confidence, said_by })),
    ...photo.objects.map(({ label, confidence, said_by }) => ({ what: `${label} (box)`, confidence, said_by })),
    ...photo.faces.map(({ confidence, said_by }) => ({ what: 'face', confidence, said_by })),
  ]
  if (said.length === 0) return null
  const names = [...new Set(said.map(({ said_by }) => nameSayer(said_by)))]
  return (
    <details className="text-xs text-muted">
      <summary className="cursor-pointer">said by {names.join(', ')}</summary>
      <dl className="mt-2 flex flex-col gap-2">
        {[...Map.groupBy(said, ({ said_by }) => said_by)].map(([saidBy, own]) => (
          <div key={saidBy}>
            <dt className="font-medium text-ink wrap-anywhere" title={saidBy}>
              {nameExactly(saidBy, photo.sayers)}
              <span className="font-normal text-muted">
                {' '}
                {writeDay(photo.sayers.find((one) => one.said_by === saidBy)?.said_at ?? null)}
              </span>
            </dt>
            <dd className="wrap-anywhere">
              {saidBy === 'person'
                ? own.map(({ what }) => what).join(', ')
                : own.map(({ what, confidence }) => `${what} ${formatPercent(confidence)}`).join(', ')}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

interface ResetButtonProps {
  readonly label: string
  /** what is shown, where “Reset” alone is not clear */
  readonly text?: string
  readonly onReset: () => void
  readonly disabled: boolean
}

export function ResetButton({ label, text = 'Reset', onReset, disabled }: ResetButtonProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      disabled={disabled}
      onClick={onReset}
      className="inline-flex items-center gap-1 rounded px-1 text-xs text-accent hover:underline disabled:opacity-50"
    >
      <Undo2 className="size-3" aria-hidden />
      {text}
    </button>
  )
}
