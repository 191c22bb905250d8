/** @file Who said something, how sure and when, in a person’s words; and the way back to what the machine says. */
import { Undo2 } from 'lucide-react'
import { formatModel } from '../../../lib/format.ts'

export const nameSayer = (saidBy: string): string => (saidBy === 'person' ? 'you' : saidBy === 'file' ? 'the file' : formatModel(saidBy))

/** `by the file, 21 Nov 2026` */
export function describeSayer(saidBy: string | null, saidAt: string | null): string {
  if (saidBy === null) return ''
  const at = saidAt === null ? '' : `, ${new Date(saidAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}`
  return `by ${nameSayer(saidBy)}${at}`
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
