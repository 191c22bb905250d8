/** @file Short messages about what was just done, some with a way back. Outside React, so that anything may say one. */
import { useEffect, useState, useSyncExternalStore } from 'react'

export interface Toast {
  readonly text: string
  readonly tone?: 'plain' | 'danger'
  /** takes back what was done; says what came of it */
  readonly undo?: (() => Promise<string>) | undefined
}

export interface ShownToast extends Toast {
  readonly key: number
}

/** long enough to read */
const SHOWN_MS = 8_000
/** … and to reach the button, by eye, by keys or by ear; what was done can be taken back on the page of changes after that */
const UNDO_SHOWN_MS = 20_000
const MOST = 3

let toasts: readonly ShownToast[] = []
let lastKey = 0
const listeners = new Set<() => void>()

function publish(next: readonly ShownToast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const timers = new Map<number, ReturnType<typeof setTimeout>>()
let isHeld = false

/** What went wrong stays until it is closed; said again, it stands once. */
export function showToast(toast: Toast): void {
  lastKey += 1
  const shown = { ...toast, key: lastKey }
  for (const { key, text, tone } of toasts) if (tone === 'danger' && tone === toast.tone && text === toast.text) hideToast(key)
  publish([...toasts, shown])
  // errors give way last
  while (toasts.length > MOST) hideToast((toasts.find((old) => old.tone !== 'danger' && old !== shown) ?? toasts[0] ?? shown).key)
  if (!isHeld) startTimer(shown)
}

function startTimer({ key, tone, undo }: ShownToast): void {
  if (tone === 'danger') return
  clearTimeout(timers.get(key))
  timers.set(
    key,
    setTimeout(() => hideToast(key), undo ? UNDO_SHOWN_MS : SHOWN_MS),
  )
}

export function hideToast(key: number): void {
  clearTimeout(timers.get(key))
  timers.delete(key)
  if (toasts.some((toast) => toast.key === key)) publish(toasts.filter((toast) => toast.key !== key))
  holdToasts(false) // what was pointed at or stood in may be gone, and no event says so
}

/** Nothing vanishes while someone points at a message or stands in it with the keys; afterwards each has its whole time again. */
export function holdToasts(hold: boolean): void {
  if (hold === isHeld) return
  isHeld = hold
  for (const toast of toasts) {
    if (hold) clearTimeout(timers.get(toast.key))
    else startTimer(toast)
  }
}

/** Does what the Undo of a message does, and says what came of it. */
export async function takeBack({ key, undo }: ShownToast): Promise<void> {
  hideToast(key)
  try {
    if (undo) showToast({ text: await undo() })
  } catch (error) {
    showToast({ text: error instanceof Error ? error.message : String(error), tone: 'danger' })
  }
}

/** Takes the last thing back that a message still offers to; older ones stand on the page of changes. */
export function takeLastBack(): void {
  const last = toasts.findLast(({ undo }) => undo !== undefined)
  if (last) void takeBack(last)
  else showToast({ text: 'Nothing to undo here; what was changed before stands under Changes.' })
}

const listen = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The oldest first. */
export const currentToasts = (): readonly ShownToast[] => toasts

export const useToasts = (): readonly ShownToast[] => useSyncExternalStore(listen, currentToasts)

/** Dialogs that are open, the last one on top: nothing beneath a modal dialog can be seen or reached. */
let layers: readonly object[] = []

/** @returns whether toasts stand here: in the dialog that was opened last, else on the page */
export function useIsTopLayer(isDialog: boolean): boolean {
  const [layer] = useState(() => ({}))
  useEffect(() => {
    if (!isDialog) return
    layers = [...layers, layer]
    publish(toasts)
    return () => {
      layers = layers.filter((other) => other !== layer)
      publish(toasts)
    }
  }, [layer, isDialog])
  return useSyncExternalStore(listen, () => (isDialog ? layers.at(-1) === layer : layers.length === 0))
}
