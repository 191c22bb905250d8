/** @file The first run, while the library is empty: where the pictures are, what will happen, done. At `/`, and at `/welcome`. */
import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { FolderOpen, ImagePlus, LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { FolderBrowser } from '../features/status/components/folder-browser.tsx'
import { WhatHappens } from '../features/status/components/what-happens.tsx'
import { useAddFolder } from '../features/status/use-add-folder.ts'
import { useUploads } from '../features/upload/components/upload-provider.tsx'
import { daysQuery, progressQuery } from '../lib/library-queries.ts'
import { Button } from '../ui/button.tsx'
import { Problem } from '../ui/problem.tsx'

export function WelcomePage() {
  const { data } = useQuery(daysQuery)
  // there is nothing to welcome to any more
  if (data && data.total > 0) return <Navigate to="/" replace />
  return data ? <Welcome /> : null
}

type Step =
  | { readonly at: 'where'; readonly from?: string }
  | { readonly at: 'browse'; readonly from?: string }
  | { readonly at: 'what'; readonly path: string }
  | { readonly at: 'done'; readonly path: string }

export function Welcome() {
  const [step, setStep] = useState<Step>({ at: 'where' })
  const { add, read } = useAddFolder(() => {})
  const heading = useRef<HTMLHeadingElement>(null)
  const { at } = step
  const before = useRef(at)
  useEffect(() => {
    if (before.current === at) return
    before.current = at
    heading.current?.focus()
  }, [at])
  const frame = (number: number, title: string, children: ReactNode) => (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full max-w-xl flex-col justify-center gap-5 px-5 py-8">
        <div>
          <p className="text-sm text-muted tabular-nums">Step {number} of 3</p>
          <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight text-balance outline-none">
            {title}
          </h1>
        </div>
        {children}
      </div>
    </div>
  )
  switch (step.at) {
    case 'where':
      return frame(1, 'Where are your pictures?', <Where onBrowse={() => setStep({ at: 'browse' })} />)
    case 'browse':
      return frame(
        1,
        'Choose a folder',
        <>
          <FolderBrowser from={step.from} onChoose={(path) => setStep({ at: 'what', path })} />
          <Button look="plain" className="h-11! self-start" onClick={() => setStep({ at: 'where' })}>
            Back
          </Button>
        </>,
      )
    case 'what':
      return frame(
        2,
        'What will happen',
        <>
          <p className="font-medium wrap-anywhere">{step.path}</p>
          <WhatHappens />
          {add.error && <Problem sentence="The folder couldn’t be added." details={add.error.message} />}
          <div className="flex flex-wrap gap-2">
            <Button
              look="solid"
              className="h-11!"
              disabled={add.isPending}
              onClick={() => add.mutate(step.path, { onSuccess: () => setStep({ at: 'done', path: step.path }) })}
            >
              Add folder
            </Button>
            <Button look="plain" className="h-11!" onClick={() => setStep({ at: 'browse', from: step.path })}>
              Back
            </Button>
          </div>
        </>,
      )
    case 'done':
      return frame(
        3,
        read.isPending ? 'Reading your pictures' : 'No pictures found',
        <Reading path={step.path} isReading={read.isPending} onAgain={() => setStep({ at: 'browse', from: step.path })} />,
      )
  }
}

function Where({ onBrowse }: { readonly onBrowse: () => void }) {
  const { chooseFiles } = useUploads()
  return (
    <>
      <ul className="flex flex-col gap-3">
        <Way icon={<FolderOpen className="size-6" aria-hidden />} title="In a folder" onClick={onBrowse}>
          Of the computer that runs fototeca. The files stay where they are and are never changed.
        </Way>
        <Way icon={<ImagePlus className="size-6" aria-hidden />} title="On this device" onClick={chooseFiles}>
          Choose files to upload, or drop pictures and folders anywhere on this page.
        </Way>
      </ul>
      <p className="text-sm text-muted">More folders can be added later, in Settings.</p>
    </>
  )
}

interface WayProps {
  readonly icon: ReactNode
  readonly title: string
  readonly onClick: () => void
  readonly children: ReactNode
}

function Way({ icon, title, onClick, children }: WayProps) {
  return (
    <li>
      <button
        type="button"
        onClick={onClick}
        className="flex w-full items-center gap-4 rounded-xl border border-line bg-surface p-4 text-left transition-colors hover:border-accent hover:bg-accent-soft/40"
      >
        <span className="grid size-12 shrink-0 place-items-center rounded-xl bg-accent-soft text-accent">{icon}</span>
        <span className="min-w-0">
          <span className="block font-semibold">{title}</span>
          <span className="block text-sm text-muted">{children}</span>
        </span>
      </button>
    </li>
  )
}

/** Until the first photo is there: then the page shows photos instead. */
function Reading({ path, isReading, onAgain }: { readonly path: string; readonly isReading: boolean; readonly onAgain: () => void }) {
  const { data } = useQuery(progressQuery)
  // while photos come in the days are asked for again
  useQuery({ ...daysQuery, refetchInterval: isReading ? 1000 : false })
  return (
    <>
      <p className="wrap-anywhere text-muted">{path}</p>
      {isReading ? (
        <p role="status" className="flex items-center gap-2 text-muted">
          <LoaderCircle className="size-4 animate-spin" aria-hidden />
          Photos appear here as they are read.
        </p>
      ) : (
        <>
          <p className="text-muted">
            {data && data.failed > 0
              ? 'No file in it could be opened as a picture.'
              : 'There are no pictures in this folder yet. New ones are found by themselves.'}
          </p>
          <Button className="h-11! self-start" onClick={onAgain}>
            Choose another folder
          </Button>
        </>
      )}
    </>
  )
}
