/** @file How the page looks in this browser: theme, tiles, rail, and whether Products has a place. */
import { type ReactNode, useId } from 'react'
import { productsShown, railOpen } from '../lib/preferences.ts'
import { useTheme } from '../lib/theme.ts'
import { setTileStep, TILE_SCALES, useTileSize } from '../lib/tile-size.ts'
import { Page } from '../ui/page.tsx'
import { Segmented } from '../ui/segmented.tsx'

const THEMES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

export function AppearancePage() {
  const { theme, toggleTheme } = useTheme()
  const { step } = useTileSize()
  const id = useId()
  return (
    <Page title="Appearance" about="Saved in this browser only." width="text">
      <Row label="Theme" effect="Follows your system until you choose.">
        <Segmented label="Theme" value={theme} options={THEMES} onChange={(next) => next !== theme && toggleTheme()} />
      </Row>
      <Row label={<label htmlFor={id}>Size of tiles</label>} effect="In every grid of photos. Keys + and − change it too.">
        <input
          id={id}
          type="range"
          min={0}
          max={TILE_SCALES.length - 1}
          step={1}
          value={step}
          onChange={(event) => setTileStep(Number(event.target.value))}
          className="w-40 accent-(--accent)"
        />
      </Row>
      <Switch label="Words in the rail" effect="Off: icons only." on={railOpen.use()} onChange={railOpen.set} />
      <Switch
        label="Products"
        effect="Pictures of products for shops and marketplaces. Off: the place is not shown; nothing is deleted."
        on={productsShown.use()}
        onChange={productsShown.set}
      />
    </Page>
  )
}

interface RowProps {
  readonly label: ReactNode
  readonly effect: string
  readonly children: ReactNode
}

function Row({ label, effect, children }: RowProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line pb-4">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{label}</p>
        <p className="text-sm text-muted">{effect}</p>
      </div>
      {children}
    </div>
  )
}

interface SwitchProps {
  readonly label: string
  readonly effect: string
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}

function Switch({ label, effect, on, onChange }: SwitchProps) {
  const id = useId()
  return (
    <Row label={<label htmlFor={id}>{label}</label>} effect={effect}>
      <input
        id={id}
        type="checkbox"
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
        className="size-5 accent-(--accent)"
      />
    </Row>
  )
}
