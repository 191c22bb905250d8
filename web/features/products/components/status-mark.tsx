/** @file Pass, warn, fail, not measured or for a person’s eyes: by sign and word, not by colour alone. */
import { Check, CircleAlert, CircleHelp, Eye, X } from 'lucide-react'
import type { Check as ReadinessCheck } from '../../../../src/contract/products.ts'

const MARKS = {
  pass: { Icon: Check, label: 'ready', look: 'text-accent' },
  warn: { Icon: CircleAlert, label: 'could be better', look: 'text-warn' },
  fail: { Icon: X, label: 'not ready', look: 'text-danger' },
  unknown: { Icon: CircleHelp, label: 'not measured yet', look: 'text-muted' },
  look: { Icon: Eye, label: 'look yourself', look: 'text-muted' },
} as const satisfies Record<ReadinessCheck['status'], unknown>

export function StatusMark({ status, withWord = false }: { readonly status: ReadinessCheck['status']; readonly withWord?: boolean }) {
  const { Icon, label, look } = MARKS[status]
  return (
    <span className={`inline-flex shrink-0 items-center gap-1.5 text-sm ${look}`} title={label}>
      <Icon className="size-4" aria-hidden />
      <span className={withWord ? '' : 'sr-only'}>{label}</span>
    </span>
  )
}

const GRADES = { A: 'bg-accent-soft text-accent', B: 'bg-warn-soft text-warn', C: 'bg-danger-soft text-danger' } as const

export function GradeMark({ grade }: { readonly grade: 'A' | 'B' | 'C' | null }) {
  if (grade === null) return null
  return (
    <span
      title={`Quality ${grade}`}
      className={`inline-grid size-6 shrink-0 place-items-center rounded-md text-xs font-bold ${GRADES[grade]}`}
    >
      <span className="sr-only">Quality </span>
      {grade}
    </span>
  )
}
