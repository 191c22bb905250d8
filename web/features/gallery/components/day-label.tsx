/** @file The day above its photos, with a check that chooses all of them. */
import { useQueryClient } from '@tanstack/react-query'
import { countOf } from '../../../../src/domain/count-of.ts'
import { formatDay, formatDayShort } from '../../../lib/format.ts'
import { addSelected, removeSelected, useAreSelected, useSelectedCount } from '../../../lib/selection.ts'
import { showToast } from '../../../lib/toasts.ts'
import { CheckMark } from '../../../ui/select-check.tsx'
import { readDay } from '../read-ids.ts'

interface DayLabelProps {
  readonly day: string
  readonly count: number
  readonly left: number
  readonly width: number
  readonly top: number
  /** ids of its photos that are loaded */
  readonly loaded: readonly number[]
}

export function DayLabel({ day, count, left, width, top, loaded }: DayLabelProps) {
  const client = useQueryClient()
  const selecting = useSelectedCount() > 0
  const all = useAreSelected(loaded)
  const toggle = async () => {
    try {
      const ids = await readDay(client, day)
      if (all) removeSelected(ids)
      else addSelected(ids)
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), tone: 'danger' })
    }
  }
  return (
    <div role="gridcell" className="group absolute flex h-6 items-center" style={{ left, width, top }}>
      <button
        type="button"
        role="checkbox"
        aria-checked={all}
        aria-label={`Select ${formatDay(day)}`}
        onClick={() => void toggle()}
        className={`flex shrink-0 items-center overflow-hidden rounded-full transition-[width,opacity] focus-visible:w-7 focus-visible:opacity-100 ${
          selecting ? 'w-7' : 'w-0 opacity-0 group-hover:w-7 group-hover:opacity-100'
        }`}
      >
        <span className={all ? '' : '[&>*]:border-muted/60 [&>*]:bg-transparent'}>
          <CheckMark on={all} />
        </span>
      </button>
      <h3 title={`${formatDay(day)}, ${countOf(count, 'photo')}`} className="min-w-0 truncate text-[13px] font-medium text-muted">
        {formatDayShort(day)}
      </h3>
    </div>
  )
}
