/** @file A plain sentence that something is off or missing. */
import { CircleAlert, Info } from 'lucide-react'
import type { ReactNode } from 'react'

interface NoticeProps {
  readonly tone?: 'info' | 'warn' | 'danger'
  readonly children: ReactNode
  readonly action?: ReactNode
}

const TONES = { info: 'bg-raised text-ink', warn: 'bg-warn-soft text-warn', danger: 'bg-danger-soft text-danger' } as const

export function Notice({ tone = 'info', children, action }: NoticeProps) {
  const Icon = tone === 'info' ? Info : CircleAlert
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'note'}
      className={`flex flex-wrap items-start gap-2.5 rounded-xl px-3.5 py-2.5 text-sm ${TONES[tone]}`}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      {/* on a phone what can be done stands below the words, not beside a thin column of them */}
      <div className={`min-w-0 flex-1 wrap-anywhere first-letter:uppercase ${action ? 'basis-48' : ''}`}>{children}</div>
      {action && <div className="ml-auto">{action}</div>}
    </div>
  )
}
