/** @file The page `/photo/:id`: the picture with what was found in it, and the panel that says everything known. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { ArrowLeft, ChevronLeft, ChevronRight, Images, Info, Pause, Play, ScanSearch } from 'lucide-react'
import { type MouseEvent, useEffect, useState } from 'react'
import type { Box } from '../../../../src/domain/geometry.ts'
import { ApiError, pictureUrl } from '../../../lib/api-client.ts'
import { photoQuery } from '../../../lib/library-queries.ts'
import { editPhotos, tellEdit, undoEdit } from '../../../lib/make-edit.ts'
import { findInGallery, type ListPlace, type Neighbour, useNeighbours } from '../../../lib/photo-list.ts'
import { rememberPhoto } from '../../../lib/scroll-memory.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { PHONE, useMedia } from '../../../lib/use-media.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { countLayers, LAYERS, type Layer } from '../layers.ts'
import { MIDDLE, writeCrop } from '../part.ts'
import { useSlideshow } from '../use-slideshow.ts'
import { FactPanel } from './fact-panel.tsx'
import { Filmstrip } from './filmstrip.tsx'
import { LayerSwitches } from './layer-switches.tsx'
import { PhotoVerbs } from './photo-verbs.tsx'
import { PictureStage } from './picture-stage.tsx'

const PANEL_KEY = 'fototeca-panel'

interface PhotoPageProps {
  readonly id: number
}

const NO_WORDS: readonly string[] = []

export function PhotoPage({ id }: PhotoPageProps) {
  const navigate = useNavigate()
  const router = useRouter()
  const client = useQueryClient()
  const { data: photo, error } = useQuery(photoQuery(id))
  const opened = useLocation({ select: (location) => location.state.place })
  const place = usePlace(id, opened, photo?.day)
  const { previous, next } = useNeighbours(place, id, photo?.day)
  const isPhone = useMedia(PHONE)
  const [panel, setPanel] = useState(() => localStorage.getItem(PANEL_KEY) !== 'closed')
  /** on a phone the panel is a sheet over the picture, and closed at first */
  const [sheet, setSheet] = useState(false)
  /** a tap on the picture leaves nothing but the picture */
  const [alone, setAlone] = useState(false)
  const [layers, setLayers] = useState<ReadonlySet<Layer>>(new Set())

  useEffect(() => {
    document.title = photo ? `${photo.filename} · fototeca` : 'fototeca'
  }, [photo])
  useEffect(() => {
    rememberPhoto(place?.list === 'gallery' ? { id, day: place.day, index: place.index } : { id })
  }, [id, place])

  // the next pictures are there before they are asked for
  useEffect(() => {
    for (const neighbour of [next, previous]) {
      if (!neighbour) continue
      void client.fetchQuery(photoQuery(neighbour.id)).then(
        (photo) => {
          if (photo.thumbhash !== null) new Image().src = pictureUrl('getPreview', photo)
        },
        // it will be asked for again, and say why, when it is opened
        () => undefined,
      )
    }
  }, [next, previous, client])

  const go = (neighbour: Neighbour | null) => {
    if (!neighbour) return
    void navigate({ to: '/photo/$id', params: { id: String(neighbour.id) }, state: { place: neighbour.place }, replace: true })
  }
  const leave = () => {
    if (router.history.canGoBack()) router.history.back()
    else void navigate({ to: '/' })
  }
  // the next photo is shown at once: many are looked through and thrown away this way
  const throwAway = () => {
    if (!photo || photo.trashed_at !== null) return
    void editPhotos([id], [{ do: 'trash' }], client).then(
      (report) => {
        const edit = report.id
        const back = () => void navigate({ to: '/photo/$id', params: { id: String(id) } })
        const undo = edit === null || report.changed === 0 ? undefined : () => undoEdit(edit, client).finally(back)
        showToast({ text: tellEdit(report), undo })
      },
      (failure: Error) => showToast({ text: failure.message, tone: 'danger' }),
    )
    if (next ?? previous) go(next ?? previous)
    else leave()
  }
  const togglePanel = () => {
    if (isPhone) return setSheet(!sheet)
    localStorage.setItem(PANEL_KEY, panel ? 'closed' : 'open')
    setPanel(!panel)
  }
  const toggleLayer = (layer: Layer) =>
    setLayers((old) => {
      const fresh = new Set(old)
      if (!fresh.delete(layer)) fresh.add(layer)
      return fresh
    })

  /** which part of which photo; another photo ends it */
  const [chosen, setChosen] = useState<{ readonly id: number; readonly box: Box } | null>(null)
  const part = chosen?.id === id ? chosen.box : null
  const togglePart = () => setChosen(part || !photo || photo.width === null ? null : { id, box: MIDDLE })
  const searchPart = () => {
    if (part) void navigate({ to: '/search', search: { like: id, crop: writeCrop(part) } })
  }

  const show = useSlideshow({ id, isReady: photo?.id === id, onNext: next && (() => go(next)) })
  const counts = photo ? countLayers(photo) : undefined
  useHotkeys([
    [
      ' ',
      (event) => {
        // a button that has the focus keeps its key
        if (event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement) return
        event.preventDefault()
        show.toggle()
      },
    ],
    ['ArrowLeft', () => go(previous)],
    ['ArrowRight', () => go(next)],
    ['Escape', show.playing ? show.stop : part ? () => setChosen(null) : leave],
    ['i', togglePanel],
    ['p', togglePart],
    ...LAYERS.map((layer) => [layer.hotkey, () => toggleLayer(layer.name)] as const),
  ])

  if (error && !photo)
    return (
      <EmptyState
        icon={<Images className="size-7" aria-hidden />}
        title={error instanceof ApiError && error.status === 404 ? 'There is no such photo' : 'The photo cannot be shown'}
      >
        <p className="text-muted">{error.message}</p>
        <Button look="solid" onClick={leave}>
          Back to the photos
        </Button>
      </EmptyState>
    )

  const isAlone = alone && isPhone && !part
  /** no button, box, or link of the picture */
  const tapPicture = (event: MouseEvent<HTMLElement>) => {
    const { pointerType } = event.nativeEvent as unknown as { pointerType?: string }
    if (pointerType === 'touch' && event.target instanceof HTMLElement && !event.target.closest('button, a, [data-part]')) setAlone(!alone)
  }
  const verbs = photo && !show.playing && <PhotoVerbs key={photo.id} photo={photo} onTrash={throwAway} />
  const info = (
    <IconButton
      label="Information (i)"
      aria-pressed={isPhone ? sheet : panel}
      onClick={togglePanel}
      className={!isPhone && panel ? 'text-accent' : ''}
    >
      <Info className="size-5" aria-hidden />
    </IconButton>
  )

  return (
    <div className="flex h-full flex-row overflow-hidden">
      <section
        aria-label="Picture"
        className={`relative flex h-full min-w-0 flex-1 flex-col ${show.playing || isAlone ? 'bg-black text-white' : 'bg-stage'}`}
      >
        <div
          className={`flex h-12 shrink-0 items-center gap-1 px-2 ${isAlone ? 'hidden' : show.playing ? 'opacity-0 transition-opacity focus-within:opacity-100 hover:opacity-100' : ''}`}
        >
          <IconButton label="Back (Esc)" onClick={leave}>
            <ArrowLeft className="size-5" aria-hidden />
          </IconButton>
          <h1 className="min-w-0 flex-1 truncate text-sm font-medium" title={photo?.filename}>
            {photo?.filename}
          </h1>
          {!isPhone && verbs}
          {photo && photo.width !== null && !show.playing && (
            <IconButton
              label="Search by a part of the picture (p)"
              aria-pressed={part !== null}
              onClick={togglePart}
              className={part ? 'text-accent' : ''}
            >
              <ScanSearch className="size-5" aria-hidden />
            </IconButton>
          )}
          {(next || show.playing) && (
            <IconButton label={show.playing ? 'Stop the slideshow (Space)' : 'Slideshow (Space)'} onClick={show.toggle}>
              {show.playing ? <Pause className="size-5" aria-hidden /> : <Play className="size-5" aria-hidden />}
            </IconButton>
          )}
          {!isPhone && info}
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: for a finger only; keys and mouse lose nothing by bars that stay */}
        <div className="relative min-h-0 flex-1" onClick={tapPicture}>
          {photo && (
            <PictureStage
              key={photo.id}
              photo={photo}
              layers={layers}
              found={place?.list === 'search' ? place.words : NO_WORDS}
              onSwipe={(step) => go(step > 0 ? next : previous)}
              part={show.playing ? null : part}
              onPart={(box) => setChosen({ id, box })}
              onSearchPart={searchPart}
            />
          )}
          <StepButton side="left" neighbour={show.playing ? null : previous} onGo={go} />
          <StepButton side="right" neighbour={show.playing ? null : next} onGo={go} />
        </div>
        {!show.playing && !isAlone && (
          <>
            {part ? (
              <div className="flex h-13 shrink-0 items-center justify-center gap-2 px-2">
                <Button look="solid" onClick={searchPart}>
                  <ScanSearch className="size-4" aria-hidden />
                  Search this part
                </Button>
                <Button onClick={() => setChosen(null)}>Cancel</Button>
              </div>
            ) : (
              counts && <LayerSwitches counts={counts} on={layers} onToggle={toggleLayer} />
            )}
            {!isPhone && <Filmstrip place={place} id={id} onGo={go} />}
            {isPhone && (
              <div
                role="toolbar"
                aria-label="Photo"
                className="flex shrink-0 items-center justify-around border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] *:size-12"
              >
                {verbs}
                {info}
              </div>
            )}
          </>
        )}
      </section>
      {photo && !isPhone && panel && !show.playing && <FactPanel photo={photo} />}
      {photo && isPhone && sheet && (
        <Dialog title="About this photo" look="sheet" onClose={() => setSheet(false)}>
          <FactPanel photo={photo} isSheet />
        </Dialog>
      )}
      {error && photo && (
        <div className="absolute right-4 bottom-4 max-w-sm">
          <Notice tone="danger">{error.message}</Notice>
        </div>
      )}
    </div>
  )
}

interface StepButtonProps {
  readonly side: 'left' | 'right'
  readonly neighbour: Neighbour | null
  readonly onGo: (neighbour: Neighbour | null) => void
}

function StepButton({ side, neighbour, onGo }: StepButtonProps) {
  if (!neighbour) return null
  const Icon = side === 'left' ? ChevronLeft : ChevronRight
  return (
    <IconButton
      label={side === 'left' ? 'Previous photo' : 'Next photo'}
      onClick={() => onGo(neighbour)}
      className={`absolute top-1/2 z-10 -translate-y-1/2 bg-surface/70 backdrop-blur-sm hover:bg-surface max-sm:hidden ${side === 'left' ? 'left-3' : 'right-3'}`}
    >
      <Icon className="size-5" aria-hidden />
    </IconButton>
  )
}

/** The list the photo was opened from; one opened by its address is looked up in the gallery. */
function usePlace(id: number, opened: ListPlace | undefined, day: string | undefined): ListPlace | undefined {
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: ['place', id],
    queryFn: async () => (day ? ((await findInGallery(client, id, day)) ?? null) : null),
    enabled: opened === undefined && day !== undefined,
    staleTime: 60_000,
  })
  return opened ?? data ?? undefined
}
