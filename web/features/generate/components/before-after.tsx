/** @file A photo and what was made of it, one over the other, with a slider between. */
import { type PointerEvent, useState } from 'react'
import { pictureUrl } from '../../../lib/api-client.ts'

interface BeforeAfterProps {
  /** the photo; null where it was deleted */
  readonly before: number | null
  readonly after: string
  readonly name: string
}

export function BeforeAfter({ before, after, name }: BeforeAfterProps) {
  const [share, setShare] = useState(50)
  /** the line goes where the picture is touched; moving up and down still scrolls the page */
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (before === null || event.buttons === 0) return
    const { left, width } = event.currentTarget.getBoundingClientRect()
    setShare(Math.round(Math.min(100, Math.max(0, ((event.clientX - left) / width) * 100))))
  }
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div
        onPointerDown={drag}
        onPointerMove={drag}
        className={`relative mx-auto aspect-square w-full max-w-[min(70vh,720px)] overflow-hidden rounded-xl bg-raised ${before === null ? '' : 'cursor-ew-resize touch-pan-y select-none'}`}
      >
        <img src={after} alt={name} draggable={false} className="absolute inset-0 size-full object-contain" />
        {before !== null && (
          <>
            <img
              src={pictureUrl('getPreview', { id: before, thumbhash: null })}
              alt="Before"
              draggable={false}
              className="absolute inset-0 size-full bg-raised object-contain"
              style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}
            />
            <div className="pointer-events-none absolute inset-y-0 w-0.5 bg-accent" style={{ left: `${share}%` }} />
          </>
        )}
      </div>
      {before !== null && (
        <label className="mx-auto flex w-full max-w-md items-center gap-3 text-[13px] text-muted">
          Photo
          <input
            type="range"
            aria-label="Photo and picture"
            min={0}
            max={100}
            value={share}
            onChange={(event) => setShare(Number(event.target.value))}
            className="flex-1 accent-accent"
          />
          Picture
        </label>
      )}
    </div>
  )
}
