/** @file The page `/albums/$id`: the albums within, the photos in their order; cover, order and taking out by selection. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, FolderX, Images } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { AlbumPage as AlbumPageAnswer, AlbumReport } from '../../../../src/contract/albums.ts'
import { render } from '../../../../src/contract/messages/message.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { albumPhotosQuery, albumsQuery, refreshAlbums, tellAlbumChange } from '../../../lib/album-queries.ts'
import { callApi } from '../../../lib/api-client.ts'
import { undoEdit } from '../../../lib/make-edit.ts'
import { readSearchState } from '../../../lib/search-state.ts'
import { clearSelection, listSelected, MAX_SELECTED, useSelectedCount } from '../../../lib/selection.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ExportDialog } from '../../../ui/export-dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { EDGE, PageHead } from '../../../ui/page.tsx'
import { AlbumDialog } from './album-dialog.tsx'
import { AlbumPhotos } from './album-photos.tsx'
import { AlbumGrid } from './albums-page.tsx'

const route = getRouteApi('/albums/$id')

export function AlbumPage() {
  const id = Number(route.useParams().id)
  const { data, error } = useQuery(albumsQuery)
  const album = data?.albums.find((each) => each.id === id)
  if (error) return <Notice tone="danger">{error.message}</Notice>
  if (!data) return null
  if (!album)
    return (
      <EmptyState icon={<FolderX className="size-7" aria-hidden />} title="This album is not there">
        <Link to="/albums" className="text-accent underline">
          All albums
        </Link>
      </EmptyState>
    )
  return <OneAlbum key={album.id} album={album} all={data.albums} />
}

function OneAlbum({ album, all }: { readonly album: AlbumReport; readonly all: readonly AlbumReport[] }) {
  const navigate = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const query = useInfiniteQuery(albumPhotosQuery(album.id))
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const photos = useMemo(() => data?.pages.flatMap((page) => page.photos) ?? [], [data])
  const inside = all.filter(({ parent_id }) => parent_id === album.id)
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const total = data?.pages[0]?.total ?? album.count
  return (
    <div ref={scroller} className="scrollbar-thin h-full overflow-y-auto [scrollbar-gutter:stable]">
      <div className={`flex flex-col gap-4 pt-3 pb-8 ${EDGE}`}>
        <AlbumHeader album={album} all={all} total={total} />
        {album.message !== null && <Notice tone="warn">{render(album.message)}</Notice>}
        {error && (
          <Notice tone="danger" action={<Button onClick={() => void query.refetch()}>Try again</Button>}>
            {error.message}
          </Notice>
        )}
        <AlbumGrid albums={inside} all={all} />
        {data && photos.length === 0 && inside.length === 0 && (
          <EmptyState icon={<Images className="size-7" aria-hidden />} title="Nothing in it yet">
            <p className="text-muted">
              {album.kind === 'by-search'
                ? 'The search finds no photo at the moment.'
                : 'Choose photos in the gallery or a search and add them to this album (key a).'}
            </p>
            <Link to="/" className="text-accent underline">
              All photos
            </Link>
          </EmptyState>
        )}
        <AlbumPhotos
          list={`album ${album.id}`}
          ordered={album.kind === 'by-hand' ? album.id : null}
          readAll={() => readAllOf(album.id)}
          photos={photos}
          scroller={scroller}
          onOpen={(photo, index) =>
            void navigate({ to: '/photo/$id', params: { id: String(photo) }, state: { place: { list: 'album', album: album.id, index } } })
          }
          onNearEnd={loadMore}
        />
      </div>
    </div>
  )
}

interface AlbumHeaderProps {
  readonly album: AlbumReport
  readonly all: readonly AlbumReport[]
  readonly total: number
}

function AlbumHeader({ album, all, total }: AlbumHeaderProps) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const selected = useSelectedCount()
  const [dialog, setDialog] = useState<'change' | 'within' | 'export' | null>(null)
  const parents = listParents(album, all)
  const run = useMutation({
    mutationFn: (work: () => Promise<{ message: string; undo?: () => Promise<string> }>) => work(),
    onSuccess: async ({ message, undo }) => {
      clearSelection()
      await refreshAlbums(client)
      showToast({ text: message, undo })
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const takeOut = () =>
    run.mutate(async () =>
      tellAlbumChange(
        `Taken out of ${album.name}`,
        await callApi('removeFromAlbum', { params: { id: album.id }, body: { photos: { ids: listSelected() } } }),
        client,
      ),
    )
  const makeCover = (photo: number | null) =>
    run.mutate(async () => {
      await callApi('changeAlbum', { params: { id: album.id }, body: { cover_photo_id: photo } })
      return { message: 'The album has its cover.' }
    })
  const remove = () =>
    run.mutate(async () => {
      // away first: a page that is shown would ask for what is gone
      await navigate({ to: '/albums' })
      const { edit } = await callApi('removeAlbum', { params: { id: album.id } })
      const undo = () => undoEdit(edit, client).finally(() => refreshAlbums(client))
      return { message: `Album ${album.name} deleted. Its photos stay.`, undo }
    })
  const toEnd = () =>
    run.mutate(async () =>
      tellAlbumChange(
        'Moved to the end',
        await callApi('moveInAlbum', { params: { id: album.id }, body: { ids: listSelected(), before: null } }),
        client,
      ),
    )
  return (
    <>
      <PageHead
        title={album.name}
        isDetail
        path={
          <nav aria-label="Path" className="flex flex-wrap items-center gap-1">
            <Link to="/albums" className="hover:underline">
              Albums
            </Link>
            {parents.map((parent) => (
              <span key={parent.id} className="inline-flex items-center gap-1">
                <ChevronRight className="size-3.5" aria-hidden />
                <Link to="/albums/$id" params={{ id: String(parent.id) }} className="hover:underline">
                  {parent.name}
                </Link>
              </span>
            ))}
          </nav>
        }
        count={`${countOf(total, 'photo')}${album.kind === 'by-search' ? ', filled by a saved search' : album.kind === 'by-hand' && total > 1 && selected === 0 ? '. Drag a photo to put it elsewhere.' : ''}`}
        about={album.description === '' ? undefined : <span className="whitespace-pre-wrap wrap-anywhere">{album.description}</span>}
        actions={
          <>
            {selected > 0 && album.kind === 'by-hand' ? (
              <>
                <Button disabled={run.isPending} onClick={takeOut}>
                  Take out of album
                </Button>
                <Button disabled={run.isPending} onClick={toEnd}>
                  Move to the end
                </Button>
              </>
            ) : null}
            {selected === 1 && (
              <Button disabled={run.isPending} onClick={() => makeCover(listSelected()[0] ?? null)}>
                Make it the cover
              </Button>
            )}
            {selected === 0 && (
              <>
                <Button onClick={() => setDialog('export')}>Export</Button>
                {album.search !== null && (
                  <Link to="/search" search={readSearchState(album.search)} className={LINK_BUTTON}>
                    Open the search
                  </Link>
                )}
                <Button onClick={() => setDialog('within')}>New sub-album</Button>
                <Button onClick={() => setDialog('change')}>Edit</Button>
                <Button look="plain" disabled={run.isPending} onClick={remove} className="text-danger!">
                  Delete
                </Button>
              </>
            )}
          </>
        }
      />
      {dialog === 'change' && <AlbumDialog album={album} onClose={() => setDialog(null)} />}
      {dialog === 'export' && <ExportDialog what={{ album: album.id }} count={total} onClose={() => setDialog(null)} />}
      {dialog === 'within' && <AlbumDialog album={null} parentId={album.id} onClose={() => setDialog(null)} />}
    </>
  )
}

async function readAllOf(id: number): Promise<{ ids: number[]; total: number }> {
  const ids: number[] = []
  let cursor: string | null = null
  for (;;) {
    const page: AlbumPageAnswer = await callApi('listAlbumPhotos', {
      params: { id },
      query: { limit: 200, ...(cursor === null ? {} : { cursor }) },
    })
    ids.push(...page.photos.map((photo) => photo.id))
    cursor = page.next
    if (cursor === null || ids.length >= MAX_SELECTED) return { ids, total: page.total }
  }
}

/** From the outermost to the one it lies in. */
function listParents(album: AlbumReport, all: readonly AlbumReport[]): AlbumReport[] {
  const parents: AlbumReport[] = []
  for (let at = all.find(({ id }) => id === album.parent_id); at && !parents.includes(at); at = all.find(({ id }) => id === at?.parent_id))
    parents.unshift(at)
  return parents
}
