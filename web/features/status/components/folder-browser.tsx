/** @file The folders of the computer that runs fototeca, to choose one from. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CornerLeftUp, Folder, FolderLock } from 'lucide-react'
import { useState } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/problem.tsx'

interface FolderBrowserProps {
  /** where to begin; the home folder where nothing is said */
  readonly from: string | undefined
  readonly onChoose: (path: string) => void
}

const ROW = 'flex min-h-11 w-full items-center gap-3 px-3 text-left'

export function FolderBrowser({ from, onChoose }: FolderBrowserProps) {
  const [path, setPath] = useState(from)
  const { data, error } = useQuery({
    queryKey: ['folders', path],
    queryFn: ({ signal }) => callApi('listFolders', { query: path === undefined ? {} : { path }, signal }),
    placeholderData: keepPreviousData,
  })
  const { parent = null } = data ?? {}
  return (
    <section aria-label="Folders" className="flex min-w-0 flex-col gap-3 text-left">
      <p className="text-sm font-medium wrap-anywhere" aria-live="polite">
        {data?.path ?? path ?? 'Opening…'}
      </p>
      {error && <Problem sentence="This folder couldn’t be opened." details={error.message} />}
      {error && (
        <Button className="h-11! self-start" onClick={() => setPath(undefined)}>
          Home folder
        </Button>
      )}
      <ul className="scrollbar-thin max-h-[45dvh] overflow-y-auto rounded-xl border border-line bg-surface">
        {parent !== null && (
          <li>
            <button type="button" onClick={() => setPath(parent)} className={`${ROW} hover:bg-raised`}>
              <CornerLeftUp className="size-5 shrink-0 text-muted" aria-hidden />
              Up one level
            </button>
          </li>
        )}
        {data?.folders.map((folder) =>
          folder.is_readable ? (
            <li key={folder.path}>
              <button type="button" onClick={() => setPath(folder.path)} className={`${ROW} hover:bg-raised`}>
                <Folder className="size-5 shrink-0 text-accent" aria-hidden />
                <span className="min-w-0 wrap-anywhere">{folder.name}</span>
              </button>
            </li>
          ) : (
            <li key={folder.path} className={`${ROW} text-muted`}>
              <FolderLock className="size-5 shrink-0" aria-hidden />
              <span className="min-w-0 wrap-anywhere">{folder.name}</span>
              <span className="ml-auto shrink-0 text-xs">No permission</span>
            </li>
          ),
        )}
        {data?.folders.length === 0 && <li className={`${ROW} text-sm text-muted`}>No folders in it</li>}
        {data && data.more > 0 && <li className={`${ROW} text-sm text-muted`}>and {countOf(data.more, 'more folder')}</li>}
      </ul>
      {data && data.refused !== null && <Problem sentence="This folder can’t be added. Open one in it." details={data.refused} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          look="solid"
          className="h-11!"
          disabled={!data || data.refused !== null || error !== null}
          onClick={() => data && onChoose(data.path)}
        >
          Use this folder
        </Button>
        {data && <span className="text-sm text-muted">{countOf(data.pictures, 'picture')} directly in it</span>}
      </div>
    </section>
  )
}
