/** @file The page `/albums/surprise`: an album of photos like one drawn at random, another one each time; kept as an album where it pleases. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { FolderPlus, Images, Shuffle } from 'lucide-react'
import { useRef, useState } from 'react'
import { refreshAlbums } from '../../../lib/album-queries.ts'
import { callApi } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
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
  const album = data?.albums[at]
  const photos = album ? [album.photo, ...album.photos.map(({ photo }) => photo)] : []
  // one call brings several; the next one is drawn when they have all been shown
  const showAnother = () => setDrawn(at + 1 < (data?.albums.length ?? 0) ? { seed, at: at + 1 } : { seed: drawSeed(), at: 0 })
  const keep = useMutation({
    mutationFn: () =>
      callApi('createAlbum', {
        body: { name: `Like ${album?.photo.filename ?? 'a photo'}`.slice(0, 200), photos: { ids: photos.map(({ id }) => id) } },
      }),
    onSuccess: async (album) => {
      await refreshAlbums(client)
      void navigate({ to: '/albums/$id', params: { id: String(album.id) } })
    },
  })
  return (
    <Page
      title="Surprise"
      isDetail
      scroller={scroller}
      path={
        <Link to="/albums" className="hover:underline">
          Albums
        </Link>
      }
      count={album ? `Photos like ${album.photo.filename}` : 'Photos that look alike'}
      actions={
        <>
          <Button disabled={photos.length === 0 || keep.isPending} onClick={() => keep.mutate()}>
            <FolderPlus className="size-4" aria-hidden />
            Keep as an album
          </Button>
          <Button look="solid" disabled={isFetching} onClick={showAnother}>
            <Shuffle className="size-4" aria-hidden />
            Another one
          </Button>
        </>
      }
    >
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
    </Page>
  )
}

const drawSeed = (): number => Math.floor(Math.random() * 2 ** 32)
