/** @file What an installed model's folder says of itself: written last, so a folder with a manifest is complete. */
import { open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const MANIFEST_NAME = 'fototeca-model.json'

const Manifest = z.object({
  format: z.literal(1),
  name: z.string().min(1),
  source: z.union([
    z.object({ hub: z.string(), repo: z.string(), revision: z.string(), commit: z.string().nullable() }),
    z.object({ folder: z.string() }),
  ]),
  licence: z.string(),
  note: z.string(),
  width: z.number().int().positive(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string().length(64) })).min(1),
  installedAt: z.string(),
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

/** Which of its files are gone or have another length; hashing gigabytes at every start would cost more than it saves. */
export async function findDamage(folder: string, manifest: Manifest): Promise<string[]> {
  const damaged: string[] = []
  for (const { path, bytes } of manifest.files) {
    const info = await stat(join(folder, path)).catch(() => null)
    if (info?.size !== bytes) damaged.push(path)
  }
  return damaged
}

/** Complete on disk before it has its name: after a crash there is either all of it or none. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const temporary = join(folder, `${MANIFEST_NAME}.new`)
  const handle = await open(temporary, 'w')
  try {
    await handle.writeFile(`${JSON.stringify(manifest, null, 1)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, join(folder, MANIFEST_NAME))
  await syncFolder(folder)
}

/** Makes names in a folder last; not every filesystem can. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (!handle) return
  await handle.sync().catch(() => {})
  await handle.close()
}

export interface InstalledModel {
  readonly folder: string
  readonly manifest: Manifest
  /** files that are missing or have another length than recorded */
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
