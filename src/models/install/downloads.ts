/** @file The downloads that run: one per model, with progress, its failure kept until the next try; one of them tried again by itself. */
import type { Device } from '../../config/device.ts'
import { describeError, FototecaError } from '../../domain/errors.ts'
import type { DownloadableModel } from '../catalogue/catalogue-row.ts'
import { PACE, type Pace } from './hub-download.ts'
import type { Installed } from './install-from-folder.ts'
import { type InstallProgress, installFromHub } from './install-from-hub.ts'
import { megabytes } from './install-place.ts'

export interface DownloadsOptions {
  readonly modelDir: string
  readonly hub: string
  readonly device: Device
  readonly pace?: Pace | undefined
  readonly retryMs?: readonly number[] | undefined
  readonly signal: AbortSignal
  readonly log: (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>) => void
  /** one process of a library downloads a model; the others are refused meanwhile */
  readonly alone?: (<T>(name: string, act: () => Promise<T>) => Promise<T>) | undefined
  readonly onInstalled: (installed: Installed) => Promise<void>
}

/** What a person said yes to. */
export interface Accepted {
  /** the terms of the model */
  readonly isAccepted?: boolean
  /** that the hub has other files now than at the first download */
  readonly isChangeAccepted?: boolean
}

export interface Failure {
  readonly error: unknown
  readonly nextTry: Date | null
}

interface Download {
  progress: InstallProgress | null
  readonly finished: Promise<void>
}

/** Pauses of the automatic download: a router that restarts, a laptop that wakes up, a hub that is down for a day. */
const RETRY_MS = [30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000] as const

export type Downloads = ReturnType<typeof createDownloads>

export function createDownloads(options: DownloadsOptions) {
  const { modelDir, hub, device, signal, log, alone = (_, act) => act() } = options
  const retryMs = options.retryMs ?? RETRY_MS
  const running = new Map<string, Download>()
  const failures = new Map<string, Failure>()
  let retryTimer: NodeJS.Timeout | undefined
  let retries = 0

  const start = (row: DownloadableModel, { isAccepted = false, isChangeAccepted = false }: Accepted): Download => {
    const known = running.get(row.name)
    if (known) return known
    failures.delete(row.name)
    log('info', 'model.download', { model: row.name, repo: row.repo, licence: row.licence })
    const work = async (): Promise<void> => {
      try {
        const installed = await alone(`download of ${row.name}`, () =>
          installFromHub(row, {
            hub,
            modelDir,
            pace: options.pace ?? PACE,
            device,
            signal,
            isAccepted,
            isChangeAccepted,
            onProgress: (progress) => {
              download.progress = progress
            },
          }),
        )
        running.delete(row.name)
        const bytes = installed.model.manifest.files.reduce((sum, file) => sum + file.bytes, 0)
        log('info', 'model.installed', { model: row.name, bytes })
        await options.onInstalled(installed)
      } catch (error) {
        running.delete(row.name)
        if (signal.aborted) return
        failures.set(row.name, { error, nextTry: null })
        log('warn', 'model.download.failed', { model: row.name, reason: describeError(error) })
      }
    }
    const download: Download = { progress: null, finished: Promise.resolve().then(work) }
    running.set(row.name, download)
    return download
  }

  const auto = async (find: () => DownloadableModel | null): Promise<void> => {
    const row = find()
    if (row === null || row.terms !== undefined || signal.aborted) return
    await start(row, {}).finished
    const failure = failures.get(row.name)
    if (!failure || signal.aborted || !mayPass(failure.error)) return
    const pauseMs = retryMs[Math.min(retries++, retryMs.length - 1)] ?? 3_600_000
    failures.set(row.name, { ...failure, nextTry: new Date(Date.now() + pauseMs) })
    retryTimer = setTimeout(() => void auto(find), pauseMs).unref()
  }

  return {
    start: (row: DownloadableModel, accepted: Accepted): void => void start(row, accepted),
    /** Gets what `find` names, now and again later while the hub is out of reach; null ends it. */
    auto: (find: () => DownloadableModel | null): void => void auto(find),
    failures,
    progressOf: (name: string): InstallProgress | 'starting' | null => {
      const download = running.get(name)
      return download ? (download.progress ?? 'starting') : null
    },
    /** the first of these that runs */
    find: (isWanted: (name: string) => boolean): { name: string; text: string } | null => {
      const first = [...running].find(([name]) => isWanted(name))
      return first ? { name: first[0], text: progressText(first[1].progress) } : null
    },
    async close(): Promise<void> {
      clearTimeout(retryTimer)
      await Promise.allSettled([...running.values()].map(({ finished }) => finished))
    },
  }
}

/** What another try can mend without anyone's help. Wrong bytes are not: another gigabyte of them helps nobody. */
function mayPass(error: unknown): boolean {
  return error instanceof FototecaError && ['hub_unreachable', 'timed_out', 'disk_full', 'unavailable'].includes(error.code)
}

export function failureText({ error, nextTry }: Failure): string {
  const again = nextTry ? `. Next try at ${nextTry.toISOString().slice(11, 16)} UTC` : ''
  return `${describeError(error)}${again}`
}

export function progressText(progress: InstallProgress | null): string {
  if (!progress) return 'starting'
  const { bytesDone, bytesTotal, bytesPerSecond } = progress
  const percent = Math.floor((100 * bytesDone) / Math.max(1, bytesTotal))
  if (!bytesPerSecond) return `${percent} % of ${megabytes(bytesTotal)}`
  const seconds = Math.ceil((bytesTotal - bytesDone) / bytesPerSecond)
  const speed = bytesPerSecond >= 1e6 ? `${(bytesPerSecond / 1e6).toFixed(1)} MB/s` : `${Math.ceil(bytesPerSecond / 1000)} kB/s`
  const rate = `, ${speed}, ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`} left`
  return `${percent} % of ${megabytes(bytesTotal)}${rate}`
}
