/** @file Shows analysis on a terminal: done, total, rate, time left, failures. A bar on a TTY, now and then a line elsewhere. */
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { SingleBar } from 'cli-progress'
import type { Progress, Upgrade } from '../contract/library.ts'
import { countOf } from '../domain/count-of.ts'
import { escapeControls } from '../domain/escape-controls.ts'
import { formatDuration } from './format.ts'

export interface ProgressView {
  update(progress: Progress): void
  /** Prints a line above the bar. */
  say(line: string): void
  stop(): void
}

/** Between two lines where there is no terminal to draw on. */
const LINE_INTERVAL_MS = 10_000

export function createProgressView(stream: Writable, isTty: boolean, now: () => number = Date.now): ProgressView {
  return isTty ? createBarView(stream) : createLineView(stream, now)
}

function createBarView(stream: Writable): ProgressView {
  let bar: SingleBar | undefined
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    update(progress) {
      const isBusy = progress.due > 0 || progress.scanning.length > 0
      if (!isBusy) {
        if (bar) {
          bar.setTotal(progress.photos)
          bar.update(progress.done, { text: describeProgress(progress) })
          stop()
        }
        return
      }
      if (!bar) {
        bar = new SingleBar({
          stream: stream as NodeJS.WritableStream,
          format: '{bar} {text}',
          barsize: 24,
          barCompleteChar: '█',
          barIncompleteChar: '░',
          hideCursor: true,
          clearOnComplete: false,
          linewrap: false,
          noTTYOutput: true,
          fps: 4,
        })
        bar.start(Math.max(1, progress.photos), progress.done, { text: describeProgress(progress) })
      }
      bar.setTotal(Math.max(1, progress.photos))
      bar.update(progress.done, { text: describeProgress(progress) })
    },
    say(line) {
      stop() // the next update draws it again below
      stream.write(`${escapeControls(line)}\n`)
    },
    stop,
  }
}

function createLineView(stream: Writable, now: () => number): ProgressView {
  let last = ''
  let lastAt = Number.NEGATIVE_INFINITY
  return {
    update(progress) {
      const isBusy = progress.due > 0 || progress.scanning.length > 0
      if (isBusy && now() - lastAt < LINE_INTERVAL_MS) return
      const line = describeProgress(progress)
      if (line === last || (!isBusy && last === '')) return
      stream.write(`${line}\n`)
      last = line
      lastAt = now()
    },
    say: (line) => stream.write(`${escapeControls(line)}\n`),
    stop: () => {},
  }
}

/** `120/340 photos · 1.4/s · 3 min left · 2 failed` */
export function describeProgress(progress: Progress): string {
  const parts = [`${progress.done}/${countOf(progress.photos, 'photo')}`]
  if (progress.due > 0 && progress.per_second !== null) parts.push(`${progress.per_second.toFixed(1)}/s`)
  if (progress.due > 0 && progress.seconds_left !== null) parts.push(`${formatDuration(progress.seconds_left)} left`)
  if (progress.failed > 0) parts.push(`${progress.failed} failed`)
  if (progress.partial > 0) parts.push(`${progress.partial} in part`)
  if (progress.upgrade.photos > 0) parts.push(describeUpgrade(progress.upgrade))
  for (const scan of progress.scanning) parts.push(`looking through ${escapeControls(scan.path)}: ${scan.seen} seen`)
  return parts.join(' · ')
}

/** `1 photo to re-read for newer models or versions (about 3 min, paused)` */
export function describeUpgrade({ photos, seconds, paused }: Upgrade): string {
  const facts = [...(seconds === null || photos === 0 ? [] : [`about ${formatDuration(seconds)}`]), ...(paused ? ['paused'] : [])]
  return `${countOf(photos, 'photo')} to re-read for newer models or versions${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`
}

/** Shows progress until `isDone` says so or the signal ends it. @returns the last progress read */
export async function followProgress(
  read: () => Promise<Progress>,
  view: ProgressView,
  options: { readonly isDone?: (progress: Progress) => boolean; readonly signal?: AbortSignal; readonly intervalMs?: number } = {},
): Promise<Progress> {
  try {
    for (;;) {
      const progress = await read()
      view.update(progress)
      if (options.signal?.aborted || options.isDone?.(progress)) return progress
      await sleep(options.intervalMs ?? 500, undefined, { ref: options.isDone !== undefined })
    }
  } finally {
    view.stop()
  }
}
