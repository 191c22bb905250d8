/** @file What an installed model's folder says of itself: written last, so a folder with a manifest is complete. */
import { readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MODEL_TASKS } from '../../contract/words.ts'
import { syncFolder, temporaryName, writeTemporary } from '../../storage/durable-write.ts'
import { hashFile } from './fingerprint.ts'

export const MANIFEST_NAME = 'fototeca-model.json'

const Manifest = z.object({
  format: z.literal(1),
  name: z.string().min(1),
  task: z.enum(MODEL_TASKS).default('embedding'),
  source: z.union([
    z.object({ hub: z.string(), repo: z.string(), revision: z.string(), commit: z.string().nullable() }),
    z.object({ folder: z.string() }),
  ]),
  licence: z.string(),
  note: z.string(),
  /** numbers per vector; null for models that give none */
  width: z.number().int().positive().nullable(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string().length(64) })).min(1),
  installedAt: z.string(),
  /** when a person accepted terms that ask for it */
  acceptedAt: z.string().optional(),
})
export type Manifest = z.infer<typeof Manifest>

/** null where there is none, or none that can be read: the folder is then not an installed model. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST_NAME), 'utf8')))
  } catch {
    return null
  }
}

/**
 * Which of its files are gone, have another length, or were written to since the record and are others now.
 * Hashing gigabytes at every start would cost more than it saves, so untouched files are believed.
 */
export async function findDamage(folder: string, manifest: Manifest): Promise<string[]> {
  const damaged: string[] = []
  const recordedMs = (await stat(join(folder, MANIFEST_NAME)).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY
  for (const { path, bytes, sha256 } of manifest.files) {
    const info = await stat(join(folder, path)).catch(() => null)
    const isSame = info?.size === bytes && (info.mtimeMs <= recordedMs || (await isUnchanged(join(folder, path), info.mtimeMs, sha256)))
    if (!isSame) damaged.push(path)
  }
  return damaged
}

/** Files hashed in this life: path → time of writing and digest. A copied folder has new times and is hashed once per start. */
const hashed = new Map<string, { readonly modifiedMs: number; readonly sha256: string }>()

async function isUnchanged(path: string, modifiedMs: number, sha256: string): Promise<boolean> {
  const known = hashed.get(path)
  if (known?.modifiedMs === modifiedMs) return known.sha256 === sha256
  const found = await hashFile(path).catch(() => '')
  hashed.set(path, { modifiedMs, sha256: found })
  return found === sha256
}

/** Complete on disk before it has its name: after a crash there is either all of it or none. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const temporary = join(folder, `.${temporaryName()}`)
  await writeTemporary(temporary, `${JSON.stringify(manifest, null, 1)}\n`)
  await rename(temporary, join(folder, MANIFEST_NAME))
  await syncFolder(folder).catch(() => {}) // models may lie where no folder can be synced
}

export interface InstalledModel {
  readonly folder: string
  readonly manifest: Manifest
  /** files that are missing or are not what was recorded */
  readonly damaged: readonly string[]
}

/** Every model in the folder that has a manifest, by name. */
export async function listInstalled(modelDir: string): Promise<InstalledModel[]> {
  const names = await readdir(modelDir).catch(() => [] as string[])
  const models: InstalledModel[] = []
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue
    const folder = join(modelDir, name)
    const manifest = await readManifest(folder)
    // a folder renamed by hand would be found under two names
    if (manifest?.name === name) models.push({ folder, manifest, damaged: await findDamage(folder, manifest) })
  }
  return models
}

export async function removeManifest(folder: string): Promise<void> {
  await unlink(join(folder, MANIFEST_NAME)).catch(() => {})
}
