/** @file Installs a model from a folder of this machine: tried first (a picture and a text), then copied, hashed, recorded. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FototecaError } from '../domain/errors.ts'
import { CATALOGUE } from './catalogue.ts'
import { diskError } from './hub-download.ts'
import { type InstalledModel, type Manifest, readManifest, writeManifest } from './install-manifest.ts'
import { checkModelName, checkSpace, discard, lockInstall, publish, stagingFolder } from './install-place.ts'
import { readEmbeddingFolder } from './providers/onnx-embedding/read-folder.ts'
import type { Device } from './providers/onnx-embedding/session.ts'
import { tryModel } from './try-model.ts'

export interface FolderInstallOptions {
  readonly modelDir: string
  readonly device: Device
  readonly signal: AbortSignal
}

/**
 * @param path in either layout; symbolic links (the hub's own cache is full of them) are followed
 * @param givenName default: the folder's name
 * @throws FototecaError `invalid` or `model_failed` naming the file, `conflict` when the name is taken, `disk_full`
 */
export async function installFromFolder(
  path: string,
  givenName: string | undefined,
  options: FolderInstallOptions,
): Promise<InstalledModel> {
  const { modelDir, device, signal } = options
  const source = await realpath(resolve(path)).catch(() => {
    throw new FototecaError('bad_request', `there is no folder ${path} on this machine`)
  })
  const name = checkModelName(givenName ?? basename(source))
  const parts = await readEmbeddingFolder(source)
  await mkdir(modelDir, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, modelDir)
  })
  const target = join(await realpath(modelDir), name)
  if (await readManifest(target)) throw new FototecaError('conflict', `a model named ${name} is installed already; choose another name`)
  using _lock = await lockInstall(modelDir, name, signal)
  const tried = await tryModel(source, device, signal)
  const row = CATALOGUE.find((known) => known.name === name)
  const describe = (files: Manifest['files']): Manifest => ({
    format: 1,
    name,
    source: { folder: source },
    licence: row?.licence ?? 'as the model’s own terms say',
    note: row && row.kind === 'download' ? row.note : `imported from ${source}`,
    width: tried.width,
    files,
    installedAt: new Date().toISOString(),
  })
  if (source === target) {
    // it was put into the model folder by hand: only the record is missing
    const manifest = describe(await hashAll(source, parts.files, null, signal))
    await writeManifest(target, manifest)
    return { folder: target, manifest, damaged: [] }
  }
  const staging = `${stagingFolder(modelDir, name)}.import`
  await discard(staging) // an interrupted import
  try {
    await checkSpace(modelDir, await sumSizes(source, parts.files))
    const manifest = describe(await hashAll(source, parts.files, staging, signal))
    await writeManifest(staging, manifest)
    return { folder: await publish(staging, modelDir, name), manifest, damaged: [] }
  } catch (error) {
    await discard(staging)
    throw error
  }
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
