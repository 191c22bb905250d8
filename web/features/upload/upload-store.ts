/** @file Uploads of this tab: one request per file, two at a time. Lives outside React, so it survives navigation. */
import { escapeControls } from '../../../src/domain/escape-controls.ts'
import { type AnswerOf, type ApiError, readProblem, uploadUrl } from '../../lib/api-client.ts'

const AT_ONCE = 2

type UploadState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly share: number }
  /** `isChecked`: the library has opened it since, and it is a picture */
  | { readonly kind: 'added'; readonly id: number; readonly isChecked: boolean }
  /** taken in, and found to be no picture that can be read */
  | { readonly kind: 'unreadable'; readonly id: number; readonly reason: string }
  | { readonly kind: 'duplicate'; readonly id: number }
  /** these bytes were deleted before: photo `id` lies in the trash */
  | { readonly kind: 'deleted'; readonly id: number; readonly at: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly again: boolean }

export interface Upload {
  readonly key: number
  readonly name: string
  readonly bytes: number
  readonly state: UploadState
}

export interface UploadStore {
  readonly subscribe: (listener: () => void) => () => void
  readonly read: () => readonly Upload[]
  readonly add: (files: readonly File[]) => void
  readonly retry: (key?: number) => void
  /** the photo is out of the trash again */
  readonly markBack: (key: number) => void
  /** What became of added photos. */
  readonly markChecked: (photos: readonly CheckedPhoto[]) => void
  readonly cancel: () => void
  readonly clear: () => void
}

/** As `/api/photos` tells it. */
interface CheckedPhoto {
  readonly id: number
  readonly state: string
  readonly reason: string | null
}

/** `onAdded` is told when the library has new photos. */
export function createUploadStore(onAdded: () => void): UploadStore {
  let uploads: readonly Upload[] = []
  let lastKey = 0
  const files = new Map<number, File>()
  const running = new Map<number, XMLHttpRequest>()
  const listeners = new Set<() => void>()

  const publish = (next: readonly Upload[]) => {
    uploads = next
    for (const listener of listeners) listener()
  }
  const setState = (key: number, state: UploadState) =>
    publish(uploads.map((upload) => (upload.key === key ? { ...upload, state } : upload)))

  const startNext = () => {
    while (running.size < AT_ONCE) {
      const next = uploads.find((upload) => upload.state.kind === 'waiting')
      if (!next) return
      send(next.key)
    }
  }

  const send = (key: number) => {
    const file = files.get(key)
    if (!file) return
    const request = new XMLHttpRequest()
    running.set(key, request)
    setState(key, { kind: 'sending', share: 0 })
    const end = (state: UploadState) => {
      if (!running.delete(key)) return
      if (state.kind !== 'refused') files.delete(key)
      setState(key, state)
      if (state.kind === 'added') onAdded()
      startNext()
    }
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && running.has(key)) setState(key, { kind: 'sending', share: event.loaded / event.total })
    }
    request.onload = () => end(readAnswer(request))
    request.onerror = () => end({ kind: 'refused', reason: 'The connection was lost.', again: true })
    request.open('POST', uploadUrl())
    request.setRequestHeader('accept', 'application/json')
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => uploads,
    add: (list) => {
      const added = list.map((file): Upload => {
        lastKey += 1
        files.set(lastKey, file)
        return { key: lastKey, name: escapeControls(file.name), bytes: file.size, state: { kind: 'waiting' } }
      })
      publish([...uploads, ...added])
      startNext()
    },
    retry: (key) => {
      publish(
        uploads.map((upload) =>
          upload.state.kind === 'refused' && upload.state.again && (key === undefined || upload.key === key)
            ? { ...upload, state: { kind: 'waiting' } }
            : upload,
        ),
      )
      startNext()
    },
    markBack: (key) => {
      const upload = uploads.find((each) => each.key === key)
      if (upload?.state.kind === 'deleted') setState(key, { kind: 'duplicate', id: upload.state.id })
      onAdded()
    },
    markChecked: (photos) => {
      const found = new Map(photos.map((photo) => [photo.id, photo]))
      const settle = (upload: Upload): Upload => {
        const photo = upload.state.kind === 'added' && !upload.state.isChecked ? found.get(upload.state.id) : undefined
        if (!photo || photo.state === 'pending' || photo.state === 'preprocessing') return upload
        return { ...upload, state: settled(photo) }
      }
      const next = uploads.map(settle)
      if (next.some((upload, index) => upload !== uploads[index])) publish(next)
    },
    cancel: () => {
      const stopped = [...running]
      running.clear()
      for (const [, request] of stopped) request.abort()
      publish(
        uploads.map((upload) =>
          upload.state.kind === 'waiting' || upload.state.kind === 'sending'
            ? { ...upload, state: { kind: 'refused', reason: 'Stopped.', again: true } }
            : upload,
        ),
      )
    },
    clear: () => {
      publish(uploads.filter((upload) => upload.state.kind === 'waiting' || upload.state.kind === 'sending'))
      for (const key of files.keys()) if (!uploads.some((upload) => upload.key === key)) files.delete(key)
    },
  }
}

function settled({ id, state, reason }: CheckedPhoto): UploadState {
  return state === 'failed' ? { kind: 'unreadable', id, reason: reason ?? 'cannot be read' } : { kind: 'added', id, isChecked: true }
}

/** What the library said about the one file of a request. */
function readAnswer(request: XMLHttpRequest): UploadState {
  if (request.status >= 200 && request.status < 300) {
    try {
      const [result] = (JSON.parse(request.responseText) as AnswerOf<'uploadPhotos'>).photos
      if (result && 'id' in result && result.deleted_at !== null) return { kind: 'deleted', id: result.id, at: result.deleted_at }
      if (result && 'id' in result)
        return result.duplicate ? { kind: 'duplicate', id: result.id } : { kind: 'added', id: result.id, isChecked: false }
      if (result) return { kind: 'refused', reason: result.detail, again: false }
    } catch {
      // falls through: an answer that is not ours
    }
    return { kind: 'refused', reason: 'The library gave an answer that cannot be read.', again: true }
  }
  const problem: ApiError = readProblem(request.status, request.responseText)
  return { kind: 'refused', reason: problem.message, again: request.status === 0 || request.status === 429 || request.status >= 500 }
}
