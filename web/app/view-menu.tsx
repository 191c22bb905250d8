/** @file How the page looks: the size of tiles, and on a phone the theme too. */
import { LayoutGrid, Moon, Sun } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { useTheme } from '../lib/theme.ts'
import { setTileStep, TILE_SCALES, useTileSize } from '../lib/tile-size.ts'
import { useCloseOutside } from '../lib/use-close-outside.ts'
import { useHotkeys } from '../lib/use-hotkeys.ts'
import { Button, IconButton } from '../ui/button.tsx'

export function ViewMenu() {
  const { step } = useTileSize()
  const { theme, toggleTheme } = useTheme()
  const [open, setOpen] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const id = useId()
  useCloseOutside(frame, open, () => setOpen(false))
  useHotkeys([
    ['+', () => setTileStep(step + 1)],
    ['=', () => setTileStep(step + 1)],
    ['-', () => setTileStep(step - 1)],
  ])
  return (
    <div ref={frame} className="relative">
      <IconButton label="View" aria-expanded={open} onClick={() => setOpen(!open)}>
        <LayoutGrid className="size-5" aria-hidden />
      </IconButton>
      {open && (
        <section
          aria-label="View"
          className="absolute top-12 right-0 z-40 flex w-64 flex-col gap-3 rounded-2xl border border-line bg-surface p-4 shadow-2xl"
        >
          <label htmlFor={id} className="flex items-center justify-between text-sm font-medium">
            Size of tiles <span className="font-normal text-muted max-sm:hidden">+ and −</span>
          </label>
          <input
            id={id}
            type="range"
            min={0}
            max={TILE_SCALES.length - 1}
            step={1}
            value={step}
            onChange={(event) => setTileStep(Number(event.target.value))}
            className="w-full accent-(--accent)"
          />
          <Button onClick={toggleTheme} className="self-start sm:hidden">
            {theme === 'dark' ? <Sun className="size-4" aria-hidden /> : <Moon className="size-4" aria-hidden />}
            {theme === 'dark' ? 'Light theme' : 'Dark theme'}
          </Button>
        </section>
      )}
    </div>
  )
}
