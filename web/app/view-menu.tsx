/** @file How large the tiles are. */
import { LayoutGrid } from 'lucide-react'
import { useId, useState } from 'react'
import { setTileStep, TILE_SCALES, useTileSize } from '../lib/tile-size.ts'
import { useHotkeys } from '../lib/use-hotkeys.ts'
import { IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

export function ViewMenu() {
  const { step } = useTileSize()
  const [open, setOpen] = useState(false)
  const id = useId()
  useHotkeys([
    ['+', () => setTileStep(step + 1)],
    ['=', () => setTileStep(step + 1)],
    ['-', () => setTileStep(step - 1)],
  ])
  return (
    <>
      <IconButton label="View" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)}>
        <LayoutGrid className="size-5" aria-hidden />
      </IconButton>
      {open && (
        <Dialog title="View" look="corner" onClose={() => setOpen(false)}>
          <label htmlFor={id} className="flex items-center justify-between text-sm font-medium">
            Size of tiles <span className="font-normal text-muted max-desk:hidden">+ and −</span>
          </label>
          <input
            id={id}
            type="range"
            min={0}
            max={TILE_SCALES.length - 1}
            step={1}
            value={step}
            onChange={(event) => setTileStep(Number(event.target.value))}
            className="mt-3 w-full accent-(--accent)"
          />
        </Dialog>
      )}
    </>
  )
}
