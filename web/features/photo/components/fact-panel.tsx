/** @file Everything known about the photo, in the order a person asks for it. */
import { Link } from '@tanstack/react-router'
import { Sparkles } from 'lucide-react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { formatDayLong } from '../../../lib/format.ts'
import { Notice } from '../../../ui/notice.tsx'
import { AlbumFacts } from './album-facts.tsx'
import { ColourFacts } from './colour-facts.tsx'
import { DescriptionFacts } from './description-facts.tsx'
import { DuplicateFacts } from './duplicate-facts.tsx'
import { FileFacts } from './file-facts.tsx'
import { FileProblem } from './file-problem.tsx'
import { MadeFacts } from './made-facts.tsx'
import { PeopleFacts } from './people-facts.tsx'
import { SaidFacts } from './said-facts.tsx'
import { StepFacts } from './step-facts.tsx'
import { TagFacts } from './tag-facts.tsx'
import { TextFacts } from './text-facts.tsx'

interface FactPanelProps {
  readonly photo: PhotoDetail
  /** in a sheet, which has the frame */
  readonly isSheet?: boolean
}

export function FactPanel({ photo, isSheet = false }: FactPanelProps) {
  return (
    <aside
      aria-label="About this photo"
      className={`flex flex-col gap-6 ${isSheet ? '' : 'scrollbar-thin h-full w-80 shrink-0 overflow-y-auto border-l border-line bg-surface px-5 pt-4 pb-10 lg:w-[23.5rem]'}`}
    >
      <header className="flex flex-col gap-1">
        <p className="text-lg leading-snug font-semibold wrap-anywhere">{photo.title.value ?? photo.filename}</p>
        <p className="text-sm text-muted">{formatDayLong(photo.day)}</p>
      </header>
      {photo.state === 'failed' && <Notice tone="danger">{photo.reason ?? 'This file could not be read as a picture.'}</Notice>}
      <FileProblem key={`problem ${photo.id}`} photo={photo} />
      {photo.missing && <Notice tone="warn">The file is not where it was. What is known about it is kept.</Notice>}
      {photo.width !== null && (
        <Link
          to="/search"
          search={{ like: photo.id }}
          className="inline-flex h-9 shrink-0 items-center gap-2 self-start rounded-full bg-raised px-4 text-sm font-medium hover:bg-line"
        >
          <Sparkles className="size-4" aria-hidden />
          More like this
        </Link>
      )}
      {photo.state !== 'failed' && <SaidFacts key={`said ${photo.id}`} photo={photo} />}
      {photo.state !== 'failed' && <TagFacts key={`tags ${photo.id}`} photo={photo} />}
      <DescriptionFacts photo={photo} />
      <PeopleFacts photo={photo} />
      <MadeFacts photo={photo} />
      <AlbumFacts albums={photo.albums} />
      <TextFacts photo={photo} />
      <ColourFacts colours={photo.colours} />
      <DuplicateFacts duplicates={photo.duplicates} />
      <FileFacts photo={photo} />
      <StepFacts photo={photo} />
    </aside>
  )
}
