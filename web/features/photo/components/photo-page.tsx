/** @file The page `/photo/:id`: the picture with what was found in it, and the panel that says everything known. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { ArrowLeft, ChevronLeft, ChevronRight, Download, Images, Info, Pause, Play, ScanSearch, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Box } from '../../../../src/domain/geometry.ts'
import { ApiError, pictureUrl } from '../../../lib/api-client.ts'
import { photoQuery } from '../../../lib/library-queries.ts'
import { editPhotos, tellEdit, undoEdit } from '../../../lib/make-edit.ts'
import { findInGallery, type ListPlace, type Neighbour, useNeighbours } from '../../../lib/photo-list.ts'
import { rememberPhoto } from '../../../lib/scroll-memory.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { countLayers, LAYERS, type Layer } from '../layers.ts'
import { MIDDLE, writeCrop } from '../part.ts'
import { useSlideshow } from '../use-slideshow.ts'
import { FactPanel } from './fact-panel.tsx'
import { LayerSwitches } from './layer-switches.tsx'
import { OriginalLink } from './original-link.tsx'
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
  const [panel, setPanel] = useState(() => localStorage.getItem(PANEL_KEY) !== 'closed')
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
    ['Delete', throwAway],
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

  return (
    <div className="flex h-full flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
      <section
        aria-label="Picture"
        className={`relative flex min-w-0 shrink-0 flex-col lg:h-full lg:flex-1 lg:shrink ${show.playing ? 'bg-black text-white' : 'bg-stage'} ${panel && !show.playing ? 'h-[62dvh]' : 'h-full'}`}
      >
        <div
          className={`flex h-12 shrink-0 items-center gap-1 px-2 ${show.playing ? 'opacity-0 transition-opacity focus-within:opacity-100 hover:opacity-100' : ''}`}
        >
          <IconButton label="Back (Esc)" onClick={leave}>
            <ArrowLeft className="size-5" aria-hidden />
          </IconButton>
          <h1 className="min-w-0 flex-1 truncate text-sm font-medium" title={photo?.filename}>
            {photo?.filename}
          </h1>
          {photo && (
            <OriginalLink photo={photo} label="Download original" className="size-10 justify-center hover:bg-raised">
              <Download className="size-5" aria-hidden />
            </OriginalLink>
          )}
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
          {photo && photo.trashed_at === null && (
            <IconButton label="To the trash (Delete)" onClick={throwAway}>
              <Trash2 className="size-5" aria-hidden />
            </IconButton>
          )}
          {(next || show.playing) && (
            <IconButton label={show.playing ? 'Stop the slideshow (Space)' : 'Slideshow (Space)'} onClick={show.toggle}>
              {show.playing ? <Pause className="size-5" aria-hidden /> : <Play className="size-5" aria-hidden />}
            </IconButton>
          )}
          <IconButton label="Information (i)" aria-pressed={panel} onClick={togglePanel} className={panel ? 'text-accent' : ''}>
            <Info className="size-5" aria-hidden />
          </IconButton>
        </div>
        <div className="relative min-h-0 flex-1">
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
        {part && !show.playing ? (
          <div className="flex h-13 shrink-0 items-center justify-center gap-2 px-2">
            <Button look="solid" onClick={searchPart}>
              <ScanSearch className="size-4" aria-hidden />
              Search this part
            </Button>
            <Button onClick={() => setChosen(null)}>Cancel</Button>
          </div>
        ) : (
          counts && !show.playing && <LayerSwitches counts={counts} on={layers} onToggle={toggleLayer} />
        )}
      </section>
      {panel && photo && !show.playing && <FactPanel photo={photo} />}
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
