/** @file The original over its preview, once the preview has no more to show; and a word where only the preview can be shown. */
import { useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { originalUrl } from '../../../lib/api-client.ts'
import { exceedsPreview, findFullSize, isUpright } from '../full-size.ts'

export type FullSizeState = 'unasked' | 'loading' | 'shown' | 'failed'

/** What is shown of the photo at this width (device pixels), and what to say about it. */
export function useFullSize(photo: PhotoDetail, shownWidth: number) {
  const [state, setState] = useState<FullSizeState>('unasked')
  const full = findFullSize(photo)
  const exceeds = exceedsPreview(photo, shownWidth)
  // asked for once, it stays: zooming out and in again costs nothing
  if (exceeds && full.kind === 'original' && state === 'unasked') setState('loading')
  return { state, setState, note: exceeds ? describe(full, state) : null }
}

function describe(full: ReturnType<typeof findFullSize>, state: FullSizeState): string | null {
  if (full.kind === 'unshown') return `Preview: ${full.why}`
  if (full.kind === 'preview') return null
  if (state === 'failed') return 'Preview: the original could not be shown'
  return state === 'shown' ? 'Original' : 'Loading the original…'
}

interface FullSizePictureProps {
  readonly photo: PhotoDetail
  readonly state: FullSizeState
  readonly onState: (state: FullSizeState) => void
}

export function FullSizePicture({ photo, state, onState }: FullSizePictureProps) {
  if (state === 'unasked' || state === 'failed') return null
  return (
    <img
      src={originalUrl(photo.id)}
      alt=""
      decoding="async"
      draggable={false}
      data-full-size={state}
      onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
        onState(isUpright(photo, { width, height }) ? 'shown' : 'failed')
      }
      onError={() => onState('failed')}
      className={`absolute inset-0 size-full transition-opacity ${state === 'shown' ? '' : 'opacity-0'}`}
    />
  )
}
