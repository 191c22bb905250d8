/** @file Out, how far, in: the zoom of a picture, or of several together. */
import { Minus, Plus } from 'lucide-react'
import { IconButton } from './button.tsx'

const STEP = 1.5

interface ZoomButtonsProps {
  readonly zoom: number
  readonly zoomBy: (factor: number) => void
  readonly reset: () => void
  /** where the reset leads */
  readonly whole: string
}

export function ZoomButtons({ zoom, zoomBy, reset, whole }: ZoomButtonsProps) {
  return (
    <>
      <IconButton label="Zoom out (-)" onClick={() => zoomBy(1 / STEP)}>
        <Minus className="size-4" aria-hidden />
      </IconButton>
      <button type="button" onClick={reset} className="w-14 text-center text-xs tabular-nums" title={`Back to ${whole} (0)`}>
        {Math.round(zoom * 100)} %
      </button>
      <IconButton label="Zoom in (+)" onClick={() => zoomBy(STEP)}>
        <Plus className="size-4" aria-hidden />
      </IconButton>
    </>
  )
}
