/** @file An empty library: drop or choose pictures. */
import { ImagePlus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useUploads } from './upload-provider.tsx'

interface EmptyLibraryProps {
  /** other ways to bring pictures in */
  readonly children: ReactNode
}

export function EmptyLibrary({ children }: EmptyLibraryProps) {
  const { chooseFiles } = useUploads()
  return (
    <div className="mx-auto flex min-h-full max-w-xl flex-col items-center justify-center gap-5 px-6 py-10 text-center">
      <button
        type="button"
        onClick={chooseFiles}
        className="group flex w-full flex-col items-center gap-3 rounded-3xl border-2 border-dashed border-line px-6 py-14 transition-colors hover:border-accent hover:bg-accent-soft/40"
      >
        <span className="grid size-16 place-items-center rounded-2xl bg-accent-soft text-accent transition-transform group-hover:-translate-y-0.5">
          <ImagePlus className="size-8" aria-hidden />
        </span>
        <span className="text-2xl font-semibold tracking-tight text-balance">Add your first pictures</span>
        <span className="text-muted">
          Drop pictures or folders anywhere on this page, or{' '}
          <span className="whitespace-nowrap text-accent underline underline-offset-2">choose files</span>.
        </span>
      </button>
      {children}
    </div>
  )
}
