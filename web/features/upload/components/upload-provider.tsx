/** @file Gives the page its uploads: a drop anywhere on the window, and a file chooser on demand. */
import { useQueryClient } from '@tanstack/react-query'
import { ImagePlus } from 'lucide-react'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import { isWanted, readDrop } from '../read-drop.ts'
import { createUploadStore, type Upload, type UploadStore } from '../upload-store.ts'

/** A page that takes what is dropped on the window in place of the library. */
interface Taker {
  /** said while files are held over the window */
  readonly text: string
  readonly onFiles: (files: File[]) => void
}

interface Uploads {
  readonly store: UploadStore
  readonly chooseFiles: () => void
  readonly setTaker: (taker: Taker | null) => void
}

const UploadContext = createContext<Uploads | null>(null)
/** new photos show up at this pace while many are sent */
const REFRESH_MS = 1500

export function UploadProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const store = useMemo(() => {
    let waiting = false
    return createUploadStore(() => {
      if (waiting) return
      waiting = true
      setTimeout(() => {
        waiting = false
        void refreshLibrary(client)
      }, REFRESH_MS)
    })
  }, [client])
  const [taker, setTaker] = useState<Taker | null>(null)
  const value = useMemo(() => ({ store, chooseFiles: () => input.current?.click(), setTaker }), [store])
  const over = useDropTarget((files) => (taker ? taker.onFiles(files) : store.add(files)))
  useWarnBeforeLeaving(store)
  return (
    <UploadContext value={value}>
      {children}
      <input
        ref={input}
        type="file"
        multiple
        accept="image/*,.heic,.heif,.cr2,.cr3,.nef,.arw,.dng,.raf,.orf,.rw2"
        className="hidden"
        aria-label="Choose pictures to add"
        tabIndex={-1}
        onChange={(event) => {
          store.add([...(event.target.files ?? [])].filter((file) => isWanted(file.name)))
          event.target.value = ''
        }}
      />
      {over && (
        <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-page/85 p-6 backdrop-blur-sm">
          <div className="flex size-full max-h-96 max-w-2xl flex-col items-center justify-center gap-3 rounded-3xl border-2 border-dashed border-accent text-accent">
            <ImagePlus className="size-10" aria-hidden />
            <p className="text-xl font-semibold">{taker?.text ?? 'Drop pictures or folders to add them'}</p>
            <p className="px-6 text-center">or one picture on the search box to find others like it</p>
          </div>
        </div>
      )}
    </UploadContext>
  )
}

export function useUploads(): Uploads & { uploads: readonly Upload[] } {
  const value = use(UploadContext)
  if (!value) throw new Error('useUploads needs an UploadProvider above')
  const uploads = useSyncExternalStore(value.store.subscribe, value.store.read)
  return { ...value, uploads }
}

/** While this is shown, what is dropped anywhere goes to `onFiles`. */
export function useTakeDrops(text: string, onFiles: (files: File[]) => void): void {
  const setTaker = use(UploadContext)?.setTaker
  const latest = useRef(onFiles)
  useEffect(() => {
    latest.current = onFiles
  })
  useEffect(() => {
    setTaker?.({ text, onFiles: (files) => latest.current(files) })
    return () => setTaker?.(null)
  }, [text, setTaker])
}

/** True while files are held over the window. */
function useDropTarget(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(onFiles)
  useEffect(() => {
    latest.current = onFiles
  })
  useEffect(() => {
    // dragenter and dragleave come for every element passed; the difference says whether we are still over the window
    let depth = 0
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth += 1
      setOver(true)
    }
    const leave = () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const hold = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !carriesFiles(event)) return
      depth = 0
      setOver(false)
      // the search box took it
      if (event.defaultPrevented) return
      event.preventDefault()
      void readDrop(event.dataTransfer).then((files) => latest.current(files))
    }
    const events = { dragenter: enter, dragleave: leave, dragover: hold, drop } as const
    for (const [name, listener] of Object.entries(events)) window.addEventListener(name, listener as EventListener)
    return () => {
      for (const [name, listener] of Object.entries(events)) window.removeEventListener(name, listener as EventListener)
    }
  }, [])
  return over
}

/** The browser asks before a tab with unsent files is closed. */
function useWarnBeforeLeaving(store: UploadStore): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (store.read().some((upload) => upload.state.kind === 'waiting' || upload.state.kind === 'sending')) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [store])
}
