/** @file One line of the list of models: what it is, where it stands, what it costs here, what was measured of it. */
import { arch, availableParallelism, cpus } from 'node:os'
import baseline from '../../../eval/baseline.json' with { type: 'json' }
import type { CatalogueModel } from '../../contract/library.ts'
import { FototecaError } from '../../domain/errors.ts'
import { downloadBytes } from '../catalogue/catalogue.ts'
import type { CatalogueRow } from '../catalogue/catalogue-row.ts'
import { type Downloads, failureText, progressText } from '../install/downloads.ts'
import type { InstalledModel } from '../install/install-manifest.ts'
import type { Pin } from '../install/pin.ts'
import { TASKS } from '../tasks.ts'
import type { Speed, StepTime } from './model-store.ts'
import { sayPinned } from './say-pinned.ts'

export interface ModelFacts {
  readonly row: CatalogueRow | null
  readonly installed: InstalledModel | undefined
  readonly downloads: Downloads
  /** what was first downloaded of it */
  readonly pin: Pin | null
  readonly isActive: boolean
  readonly isNext: boolean
  readonly deviceNotice: string | null
  /** of its trial here */
  readonly speed: Speed | undefined
  /** of its step over photos of this library, for what is built in */
  readonly stepTime: StepTime | undefined
}

export function reportModel(name: string, facts: ModelFacts): CatalogueModel {
  const { row, installed, downloads, isActive, isNext, speed, stepTime } = facts
  const progress = downloads.progressOf(name)
  const failure = downloads.failures.get(name)
  const damaged = installed?.damaged ?? []
  const isHere = installed !== undefined && damaged.length === 0
  const task = row?.kind === 'download' ? row.task : (installed?.manifest.task ?? null)
  const notices = [
    progress !== null ? progressText(progress === 'starting' ? null : progress) : null,
    damaged.length > 0 ? `damaged: ${damaged.join(', ')}` : null,
    failure ? failureText(failure) : null,
    isActive && task !== null ? facts.deviceNotice : null,
  ].filter((notice) => notice !== null)
  return {
    name,
    task,
    capabilities: [...(row?.kind === 'built-in' ? row.capabilities : TASKS[task ?? 'embedding'].capabilities)],
    width: installed?.manifest.width ?? row?.width ?? null,
    download_bytes: row?.kind === 'download' ? downloadBytes(row) : null,
    installed_bytes: installed
      ? installed.manifest.files.reduce((sum, file) => sum + file.bytes, 0)
      : row?.kind === 'built-in'
        ? row.bytes
        : null,
    licence: installed?.manifest.licence ?? row?.licence ?? '',
    terms: row?.kind === 'download' && installed === undefined ? (row.terms ?? null) : null,
    state: stateOf(),
    progress: progress === null ? null : progress === 'starting' ? 0 : Math.min(1, progress.bytesDone / Math.max(1, progress.bytesTotal)),
    ms_per_picture: speed?.ms_per_picture ?? stepTime?.ms ?? null,
    measured_on: speed ? 'a trial' : stepTime ? 'photos' : null,
    threads: speed?.threads ?? null,
    batch: speed?.batch ?? null,
    pin: row?.kind === 'download' ? { ...sayPinned(row, facts.pin), changed: isChanged(failure?.error) } : null,
    quality: QUALITY[name] ?? null,
    note: (row?.note ?? installed?.manifest.note) || null,
    notice: notices.join('; ') || null,
  }

  function stateOf(): CatalogueModel['state'] {
    if (progress !== null) return 'downloading'
    if (isActive) return 'active'
    if (row?.kind === 'built-in') return 'built-in'
    if (isNext) return 'filling'
    return isHere ? 'installed' : 'not installed'
  }
}

const isChanged = (error: unknown): boolean => error instanceof FototecaError && error.code === 'changed'

const share = (value: number): string => value.toFixed(3).replace(/^0/, '')

/** What `npm run eval` measured of a model, read from its committed figures (docs/quality.md says on what). Absent: not measured. */
const QUALITY: Readonly<Record<string, string>> = {
  'pp-ocrv4': `words of receipts: recall ${share(baseline.ocr.receipts_word_recall)}, precision ${share(baseline.ocr.receipts_word_precision)}`,
  centernet: `COCO tags: precision ${share(baseline.objects.tag_precision)}, recall ${share(baseline.objects.tag_recall)}`,
  'face-api': `same person or not: ${share(baseline.faces.pairs_accuracy)} of 300 pairs`,
  look: `the copy is the first hit: ${share(baseline['near-duplicates'].look_recall_at_1)}`,
  'basic-meaning': `caption → photo: recall ${share(baseline.meaning.captioned_recall_at_1)} / ${share(baseline.meaning.captioned_recall_at_10)} at 1 / 10 of 400`,
  'semantic-standin': `caption → photo: recall ${share(baseline.embedding.text_to_image_recall_at_1)} / ${share(baseline.embedding.text_to_image_recall_at_10)} at 1 / 10 of 400`,
}

/** Measurements are this computer’s, with the cores it may use now: a library that moves, or gets other cores, is measured anew. */
export const MACHINE = `${cpus()[0]?.model.trim() || arch()} × ${availableParallelism()}`
