/** @file The page `/surprise`: an album of photos like one drawn at random, another one each time; kept as an album where it pleases. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FolderPlus, Images, Shuffle } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { refreshAlbums } from '../../../lib/album-queries.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { AlbumPhotos } from './album-photos.tsx'

export function SurprisePage() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const [{ seed, at }, setDrawn] = useState(() => ({ seed: drawSeed(), at: 0 }))
  const { data, error, isFetching } = useQuery({
    queryKey: ['similar albums', seed],
    queryFn: ({ signal }) => callApi('similarAlbums', { query: { seed }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  useEffect(() => {
    document.title = 'Surprise · fototeca'
  }, [])
  const album = data?.albums[at]
  const photos = album ? [album.photo, ...album.photos.map(({ photo }) => photo)] : []
  // one call brings several; the next one is drawn when they have all been shown
  const showAnother = () => setDrawn(at + 1 < (data?.albums.length ?? 0) ? { seed, at: at + 1 } : { seed: drawSeed(), at: 0 })
  const keep = useMutation({
    mutationFn: () =>
      callApi('makeAlbum', {
        body: { name: `Like ${album?.photo.filename ?? 'a photo'}`.slice(0, 200), photos: { ids: photos.map(({ id }) => id) } },
      }),
    onSuccess: async (album) => {
      await refreshAlbums(client)
      void navigate({ to: '/albums/$id', params: { id: String(album.id) } })
    },
  })
  return (
    <div ref={scroller} className="scrollbar-thin h-full overflow-y-auto [scrollbar-gutter:stable]">
      <div className="flex flex-col gap-4 px-4 pt-4 pb-24 sm:px-6">
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div className="flex min-w-0 items-center gap-3">
            {album && <img src={pictureUrl('getThumbnail', album.photo)} alt="" className="size-14 rounded-xl object-cover" />}
            <div className="min-w-0">
              <h1 className="text-xl font-semibold tracking-tight">Surprise</h1>
              <p className="truncate text-sm text-muted">{album ? `Photos like ${album.photo.filename}` : 'Photos that look alike'}</p>
            </div>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <Button disabled={photos.length === 0 || keep.isPending} onClick={() => keep.mutate()}>
              <FolderPlus className="size-4" aria-hidden />
              Keep as an album
            </Button>
            <Button look="solid" disabled={isFetching} onClick={showAnother}>
              <Shuffle className="size-4" aria-hidden />
              Another one
            </Button>
          </div>
        </header>
        {(error ?? keep.error) && <Notice tone="danger">{(error ?? keep.error)?.message}</Notice>}
        {data?.notice && photos.length > 0 && <Notice tone="warn">{data.notice}</Notice>}
        {data && photos.length === 0 && (
          <EmptyState icon={<Images className="size-7" aria-hidden />} title="Nothing to show">
            <p className="text-muted">{data.notice}</p>
          </EmptyState>
        )}
        {photos.length > 0 && (
          <AlbumPhotos
            list={`surprise ${seed} ${at}`}
            ordered={null}
            readAll={async () => ({ ids: photos.map(({ id }) => id), total: photos.length })}
            photos={photos}
            scroller={scroller}
            onOpen={(id) => void navigate({ to: '/photo/$id', params: { id: String(id) } })}
            onNearEnd={() => {}}
          />
        )}
      </div>
    </div>
  )
}

const drawSeed = (): number => Math.floor(Math.random() * 2 ** 32)
