/** @file Installs a model from a folder of this machine: tried first (a picture and a text), then copied, hashed, recorded. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Device } from '../../config/device.ts'
import { FototecaError } from '../../domain/errors.ts'
import { CATALOGUE } from '../catalogue/catalogue.ts'
import type { CatalogueRow } from '../catalogue/catalogue-row.ts'
import { findTask, TASKS } from '../tasks.ts'
import type { TrialResult } from '../trial/protocol.ts'
import { runTrial } from '../trial/run-trial.ts'
import { diskError } from './hub-download.ts'
import { type InstalledModel, type Manifest, readManifest, writeManifest } from './install-manifest.ts'
import { checkModelName, checkSpace, discard, lockInstall, publish, stagingFolder } from './install-place.ts'

export interface FolderInstallOptions {
  readonly modelDir: string
  readonly device: Device
  readonly signal: AbortSignal
  readonly catalogue?: readonly CatalogueRow[]
  /** the caller showed the terms of the row of this name and they were accepted */
  readonly isAccepted?: boolean
}

export interface Installed {
  readonly model: InstalledModel
  /** null where it was installed before */
  readonly trial: TrialResult | null
}

/**
 * @param path in either layout; symbolic links (the hub's own cache is full of them) are followed
 * @param givenName default: the folder's name
 * @throws FototecaError `invalid` or `model_failed` naming the file, `conflict` when the name is taken, `disk_full`
 */
export async function installFromFolder(path: string, givenName: string | undefined, options: FolderInstallOptions): Promise<Installed> {
  const { modelDir, device, signal } = options
  const source = await realpath(resolve(path)).catch(() => {
    throw new FototecaError('bad_request', `there is no folder ${path} on this machine`)
  })
  const name = checkModelName(givenName ?? basename(source))
  const row = (options.catalogue ?? CATALOGUE).find((known) => known.name === name)
  const acceptedAt = checkAccepted(row, options.isAccepted === true)
  const info = await stat(source)
  if (!info.isDirectory()) throw new FototecaError('bad_request', `${path} is not a folder; name the folder that holds the model’s files`)
  const task = findTask(source)
  const paths = await TASKS[task].readFiles(source)
  await mkdir(modelDir, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, modelDir)
  })
  const target = join(await realpath(modelDir), name)
  if (await readManifest(target)) throw new FototecaError('conflict', `a model named ${name} is installed already; choose another name`)
  using _lock = await lockInstall(modelDir, name, signal)
  const trial = await runTrial(task, source, device, signal)
  const describe = (files: Manifest['files']): Manifest => ({
    format: 1,
    name,
    task,
    source: { folder: source },
    licence: row?.licence ?? 'as the model’s own terms say',
    note: row && row.kind === 'download' ? row.note : `imported from ${source}`,
    width: trial.width,
    files,
    installedAt: new Date().toISOString(),
    ...acceptedAt,
  })
  if (source === target) {
    // it was put into the model folder by hand: only the record is missing
    const manifest = describe(await hashAll(source, paths, null, signal))
    await writeManifest(target, manifest)
    return { model: { folder: target, manifest, damaged: [] }, trial }
  }
  const staging = `${stagingFolder(modelDir, name)}.import`
  await discard(staging) // an interrupted import
  try {
    await checkSpace(modelDir, await sumSizes(source, paths))
    const manifest = describe(await hashAll(source, paths, staging, signal))
    await writeManifest(staging, manifest)
    return { model: { folder: await publish(staging, modelDir, name), manifest, damaged: [] }, trial }
  } catch (error) {
    await discard(staging)
    throw error
  }
}

/** @returns what the record keeps of it. @throws FototecaError `forbidden` with the terms, where they were not accepted */
export function checkAccepted(row: CatalogueRow | undefined, isAccepted: boolean): { acceptedAt?: string } {
  if (row?.kind !== 'download' || row.terms === undefined) return {}
  if (isAccepted) return { acceptedAt: new Date().toISOString() }
  throw new FototecaError(
    'forbidden',
    `${row.name} may be used only under its terms: ${row.terms} If yours is such a use, accept them: “fototeca models pull ${row.name} --accept-licence” or on the Models page`,
  )
}

/** Hashes every file, copying it on the way where a `target` is given. */
async function hashAll(source: string, paths: readonly string[], target: string | null, signal: AbortSignal): Promise<Manifest['files']> {
  const files: Manifest['files'] = []
  for (const path of paths) {
    const hash = createHash('sha256')
    let bytes = 0
    if (target !== null) await mkdir(dirname(join(target, path)), { recursive: true })
    const copy = target === null ? null : await open(join(target, path), 'w')
    try {
      for await (const chunk of createReadStream(join(source, path), { signal, highWaterMark: 1 << 20 })) {
        hash.update(chunk as Buffer)
        bytes += (chunk as Buffer).length
        await copy?.appendFile(chunk as Buffer)
      }
      await copy?.sync()
    } catch (error) {
      signal.throwIfAborted()
      throw diskError(error, join(target ?? source, path))
    } finally {
      await copy?.close()
    }
    files.push({ path, bytes, sha256: hash.digest('hex') })
  }
  return files
}

async function sumSizes(folder: string, paths: readonly string[]): Promise<number> {
  let sum = 0
  for (const path of paths) {
    const handle = await open(join(folder, path), 'r')
    sum += (await handle.stat()).size
    await handle.close()
  }
  return sum
}
