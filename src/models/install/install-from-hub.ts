/** @file Installs a model of the catalogue: plan (sizes, digests, one commit for all files), download, check, record, publish. */
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Device } from '../../config/device.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { CatalogueFile, DownloadableModel } from '../catalogue/catalogue-row.ts'
import { TASKS } from '../tasks.ts'
import { runTrial } from '../trial/run-trial.ts'
import { hashFile } from './fingerprint.ts'
import { type DownloadOptions, downloadFile, hubUrl, inspectFile, type Pace, type RemoteFile, tryAgain } from './hub-download.ts'
import { requestHub } from './hub-request.ts'
import { checkAccepted, type Installed } from './install-from-folder.ts'
import { findDamage, type Manifest, readManifest, removeManifest, writeManifest } from './install-manifest.ts'
import { checkSpace, discard, lockInstall, publish, stagingFolder } from './install-place.ts'
import { type Expected, expect, readPin, writePin } from './pin.ts'

export interface InstallProgress {
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly bytesPerSecond: number | null
}

export interface HubInstallOptions {
  readonly hub: string
  readonly modelDir: string
  readonly device: Device
  readonly signal: AbortSignal
  readonly pace: Pace
  readonly onProgress?: (progress: InstallProgress) => void
  /** the terms of the row were shown and accepted */
  readonly isAccepted?: boolean
  /** what the hub has now is taken, whatever was downloaded first; digests of the catalogue still hold */
  readonly isChangeAccepted?: boolean
}

/** The hub's main branch, asked only for what is not pinned yet. */
const BRANCH = 'main'

type WantedFile = Pick<CatalogueFile, 'path' | 'bytes' | 'isExact' | 'orElse'>

interface PlannedFile extends RemoteFile {
  readonly path: string
  readonly aboutBytes: number
  /** the digest was known before the hub was asked, and the hub itself promises none */
  readonly isOurs: boolean
}

/**
 * Safe to call at the same time from several calls and processes: one downloads, the others wait and find it installed.
 * What an earlier call left is continued.
 */
export async function installFromHub(row: DownloadableModel, options: HubInstallOptions): Promise<Installed> {
  const { hub, modelDir, device, signal, pace, onProgress } = options
  const acceptedAt = checkAccepted(row, options.isAccepted === true)
  using _lock = await lockInstall(modelDir, row.name, signal)
  const target = join(modelDir, row.name)
  const installed = await readManifest(target)
  if (installed) {
    if ((await findDamage(target, installed)).length === 0)
      return { model: { folder: target, manifest: installed, damaged: [] }, trial: null }
    await writePin(modelDir, installed)
    await removeManifest(target)
    // files went missing under it: what is left of it becomes the start of this install
    await discard(stagingFolder(modelDir, row.name))
    await rename(target, stagingFolder(modelDir, row.name))
  }
  const staging = stagingFolder(modelDir, row.name)
  const expected = expect(row, options.isChangeAccepted === true ? null : await readPin(modelDir, row))
  const { files, commit } = await planFiles(row, expected, options)
  const total = files.reduce((sum, file) => sum + (file.bytes ?? file.aboutBytes), 0)
  const there = await Promise.all(files.map(async ({ path }) => (await stat(join(staging, path)).catch(() => null))?.size ?? 0))
  const partial = await Promise.all(files.map(async ({ path }) => (await stat(join(staging, `${path}.part`)).catch(() => null))?.size ?? 0))
  await checkSpace(modelDir, total - [...there, ...partial].reduce((sum, size) => sum + size, 0))

  const measure = meterRate()
  const done: Manifest['files'] = []
  let before = 0
  for (const file of files) {
    const path = join(staging, file.path)
    const report = (bytes: number) =>
      onProgress?.({ bytesDone: before + bytes, bytesTotal: Math.max(total, before + bytes), bytesPerSecond: measure(before + bytes) })
    const finished = await keepFinished(path, file)
    const got =
      finished ??
      (await downloadFile(file, path, { signal, pace, onBytes: report }).catch((error: unknown) => {
        throw file.isOurs && isMismatch(error) ? sayChanged(row, file, expected, error) : error
      }))
    report(got.bytes)
    before += got.bytes
    done.push({ path: file.path, bytes: got.bytes, sha256: got.sha256 })
  }
  done.push(...(await writeBeside(row, staging)))
  await checkReadable(row, staging)
  const trial = await runTrial(row.task, staging, device, signal)
  const manifest: Manifest = {
    format: 1,
    name: row.name,
    task: row.task,
    source: { hub, repo: row.repo, revision: row.commit ?? BRANCH, commit },
    licence: row.licence,
    note: row.note,
    width: trial.width,
    files: done,
    installedAt: new Date().toISOString(),
    ...acceptedAt,
  }
  await writeManifest(staging, manifest)
  const folder = await publish(staging, modelDir, row.name)
  await writePin(modelDir, manifest)
  await rm(commitFile(modelDir, row.name), { force: true })
  return { model: { folder, manifest, damaged: [] }, trial }
}

/** What the catalogue itself knows of a model that its repository does not say in a form we read. */
async function writeBeside(row: DownloadableModel, staging: string): Promise<Manifest['files']> {
  const files: Manifest['files'] = []
  for (const [path, text] of Object.entries(row.beside?.() ?? {})) {
    await writeFile(join(staging, path), text)
    files.push({ path, bytes: Buffer.byteLength(text), sha256: await hashFile(join(staging, path)) })
  }
  return files
}

/**
 * Asks for every file first. What is pinned is asked for by its commit. A branch may move between two runs, so the commit of its first
 * answer is kept beside the staging folder and used for all files: an install never mixes two revisions.
 */
async function planFiles(
  row: DownloadableModel,
  expected: Expected,
  options: HubInstallOptions,
): Promise<{ files: PlannedFile[]; commit: string | null }> {
  const begunFile = commitFile(options.modelDir, row.name)
  const begun = (await readFile(begunFile, 'utf8').catch(() => '')).trim()
  const isNew = options.isChangeAccepted === true
  const wanted = isNew ? null : expected.commit
  const at = isNew ? BRANCH : (wanted ?? (begun === '' ? BRANCH : begun))
  try {
    const plan = await planAt(row, at, expected, options)
    if (plan.commit !== null) await writeFile(begunFile, plan.commit)
    return { files: plan.files, commit: plan.commit ?? (at === BRANCH ? null : at) }
  } catch (error) {
    if (at === BRANCH || !(error instanceof FototecaError) || error.code !== 'not_found') throw error
    // the hub dropped that commit (history rewritten). What was pinned may be there still under another; what was only begun starts over
    await writeFile(begunFile, '')
    if (wanted === null) return planFiles(row, expected, options)
    return await planAt(row, BRANCH, expected, options, (path) => {
      throw new FototecaError(
        'changed',
        `the model hub no longer has ${row.repo} as it is pinned (commit ${shorten(wanted)}), and nothing says whether its ${path} is still the same. ${wayToAccept(row)}`,
      )
    })
  }
}

/** Beside the staging folder, so that it is no part of the model. */
function commitFile(modelDir: string, name: string): string {
  return `${stagingFolder(modelDir, name)}.commit`
}

/** @param refuseUnknown throws, for a file whose digest nobody knows */
async function planAt(
  row: DownloadableModel,
  revision: string,
  expected: Expected,
  options: HubInstallOptions,
  refuseUnknown?: (path: string) => never,
): Promise<{ files: PlannedFile[]; commit: string | null }> {
  const { hub, signal, pace } = options
  const listed: readonly WantedFile[] = 'prefixes' in row.files ? await listFiles(row, revision, row.files.prefixes, options) : row.files
  let at = revision
  let commit: string | null = null
  const files: PlannedFile[] = []
  for (const file of listed) {
    const remote = await inspectEither(file, (path) => hubUrl(hub, row.repo, at, path), { signal, pace })
    // a mirror that sends its newest, whatever is asked for, does not have that commit
    if (revision !== BRANCH && remote.commit !== null && remote.commit !== revision)
      throw new FototecaError(
        'not_found',
        `the model hub answers with commit ${remote.commit} of ${row.repo} where ${revision} is asked for`,
      )
    if (commit === null && remote.commit !== null) {
      commit = remote.commit
      at = commit
    }
    const known = expected.digestOf(remote.path)
    if (known === null) refuseUnknown?.(remote.path)
    else if (remote.sha256 !== null && remote.sha256 !== known.sha256) throw sayChanged(row, remote, expected)
    files.push({
      ...remote,
      url: hubUrl(hub, row.repo, at, remote.path),
      sha256: known?.sha256 ?? remote.sha256,
      bytes: remote.bytes ?? (file.isExact ? file.bytes : null),
      aboutBytes: file.bytes,
      isOurs: known !== null && remote.sha256 === null,
    })
  }
  return { files, commit }
}

const isMismatch = (error: unknown): boolean => error instanceof FototecaError && error.code === 'checksum_mismatch'
const shorten = (digest: string): string => `${digest.slice(0, 12)}…`
const wayToAccept = (row: DownloadableModel): string =>
  `If you trust what it has now, take it with “fototeca models pull ${row.name} --accept-changed” or on the Models page`

/** The digest a file had does not fit what the hub has now. */
function sayChanged(
  row: DownloadableModel,
  { url, sha256, path }: { readonly url: string; readonly sha256: string | null; readonly path: string },
  expected: Expected,
  cause?: unknown,
): FototecaError {
  const known = expected.digestOf(path)
  const found = cause === undefined && sha256 !== null ? `SHA-256 ${shorten(sha256)} instead of ` : 'not SHA-256 '
  const was = known === null ? '' : ` (${found}${shorten(known.sha256)})`
  if (known?.from === 'first download')
    return new FototecaError(
      'changed',
      `${url} is another file now than the one first downloaded here on ${known.at?.slice(0, 10)}${was}. ${wayToAccept(row)}`,
      {
        cause,
      },
    )
  return new FototecaError(
    'checksum_mismatch',
    `${url} is another file now than the one this version of fototeca knows${was}; update fototeca, or download the model yourself and “fototeca models import <folder>”`,
    { cause },
  )
}

async function inspectEither(
  file: WantedFile,
  urlOf: (path: string) => string,
  options: Pick<DownloadOptions, 'signal' | 'pace'>,
): Promise<RemoteFile & { path: string }> {
  try {
    return { ...(await inspectFile(urlOf(file.path), options)), path: file.path }
  } catch (error) {
    if (file.orElse === undefined || !(error instanceof FototecaError) || error.code !== 'not_found') throw error
    return { ...(await inspectFile(urlOf(file.orElse), options)), path: file.orElse }
  }
}

const TreeEntry = z.looseObject({
  type: z.string(),
  path: z.string(),
  size: z.number(),
})

/** The hub's own listing of a repository, page by page. Parts for other runtimes are left out. */
async function listFiles(
  row: DownloadableModel,
  revision: string,
  prefixes: readonly string[],
  options: HubInstallOptions,
): Promise<WantedFile[]> {
  const { hub, signal, pace } = options
  const files: WantedFile[] = []
  let url: string | undefined = `${hub.replace(/\/+$/, '')}/api/models/${row.repo}/tree/${encodeURIComponent(revision)}?recursive=true`
  while (url !== undefined) {
    const page: string = url
    const response = await tryAgain(
      () => requestHub(page, { method: 'GET', follow: true, timeoutMs: pace.stallMs, signal }),
      options,
      () => 0,
    )
    const entries = z.array(TreeEntry).safeParse(await response.json().catch(() => null))
    if (!entries.success)
      throw new FototecaError('hub_unreachable', `${page} is not a list of files; is ${hub} a model hub? (FOTOTECA_MODEL_HUB)`)
    for (const { type, path, size } of entries.data) {
      const isWanted = prefixes.some((prefix) =>
        prefix.endsWith('/') ? path.startsWith(prefix) && !path.slice(prefix.length).includes('/') : path === prefix,
      )
      if (type !== 'file' || !isWanted || /\.(armnn|rknn)$/.test(path) || path.includes('..')) continue
      files.push({ path, bytes: size, isExact: true })
    }
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
    url = next !== undefined && new URL(next, page).origin === new URL(page).origin ? next : undefined
  }
  if (files.length === 0) throw new FototecaError('not_found', `the model hub lists no files of ${row.repo}`)
  return files
}

/** A file that an earlier run finished, if it is still the one that is wanted. */
async function keepFinished(path: string, file: PlannedFile): Promise<{ bytes: number; sha256: string } | null> {
  const bytes = (await stat(path).catch(() => null))?.size
  if (bytes === undefined || (file.bytes !== null && bytes !== file.bytes)) return null
  // without a digest nothing says that it is still the same file: such files are small, so fetch them again
  if (file.sha256 === null) return null
  return (await hashFile(path)) === file.sha256 ? { bytes, sha256: file.sha256 } : null
}

/** An error page saved as config is found here, not at the first photo. */
async function checkReadable(row: DownloadableModel, staging: string): Promise<void> {
  try {
    await TASKS[row.task].readFiles(staging)
  } catch (error) {
    if (!(error instanceof FototecaError) || error.code !== 'invalid') throw error
    throw new FototecaError('checksum_mismatch', `what the hub sent is not a usable model: ${error.message}`, { cause: error })
  }
}

/** Bytes per second over the last seconds; null at the start. */
function meterRate(): (bytes: number) => number | null {
  const marks: { at: number; bytes: number }[] = []
  return (bytes) => {
    const at = performance.now()
    if (marks.length > 0 && bytes < (marks.at(-1)?.bytes ?? 0)) marks.length = 0 // started over
    if (marks.length === 0 || at - (marks.at(-1)?.at ?? 0) > 200) marks.push({ at, bytes })
    while (marks.length > 2 && at - (marks[0]?.at ?? 0) > 5000) marks.shift()
    const first = marks[0]
    return first && at - first.at > 500 ? ((bytes - first.bytes) / (at - first.at)) * 1000 : null
  }
}
