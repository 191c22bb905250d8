/** @file How far something is, as a bar and in words. */

interface ProgressBarProps {
  readonly label: string
  /** 0–1 */
  readonly share: number
  readonly text: string
}

export function ProgressBar({ label, share, text }: ProgressBarProps) {
  return (
    <div className="flex items-center gap-3">
      <div
        className="h-1.5 flex-1 overflow-hidden rounded-full bg-line"
        role="progressbar"
        aria-label={label}
        aria-valuenow={Math.round(share * 100)}
      >
        <div className="h-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
      </div>
      <span className="shrink-0 text-xs text-muted tabular-nums">{text}</span>
    </div>
  )
}
