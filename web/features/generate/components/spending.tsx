/** @file What the scenes of an order would take, as far as it is known, and how many may be asked for. */
import type { GenerationOptions } from '../../../../src/contract/generate.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'

interface SpendingProps {
  readonly scenes: number
  readonly options: GenerationOptions
  /** most scenes and most money, as typed; empty: any */
  readonly most: { readonly scenes: string; readonly cost: string }
  readonly onChange: (most: { readonly scenes: string; readonly cost: string }) => void
}

export function Spending({ scenes, options: { per_scene, maker, made_today, per_day }, most, onChange }: SpendingProps) {
  const about = [
    per_scene.tokens === null ? null : `about ${Math.round(per_scene.tokens * scenes).toLocaleString('en')} tokens`,
    per_scene.cost === null ? null : `about ${(per_scene.cost * scenes).toFixed(2)} in money`,
  ].filter((part) => part !== null)
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm">
        {countOf(scenes, 'scene')} of {maker}: {about.length > 0 ? about.join(', ') : 'what they take is known after the first one'}.{' '}
        <span className="text-muted">
          {made_today} of {per_day} asked for today.
        </span>
      </p>
      <div className="grid max-w-md grid-cols-2 gap-3">
        <Labelled label="At most scenes">
          <input
            className={FIELD}
            type="number"
            min={0}
            value={most.scenes}
            placeholder="any number"
            onChange={(event) => onChange({ ...most, scenes: event.target.value })}
          />
        </Labelled>
        <Labelled label="At most in money">
          <input
            className={FIELD}
            type="number"
            min={0}
            step="any"
            value={most.cost}
            placeholder="any amount"
            onChange={(event) => onChange({ ...most, cost: event.target.value })}
          />
        </Labelled>
      </div>
    </div>
  )
}
