/** @file Who a model in a folder is: its name, and a version that stands for the exact content of its files. */
import { basename, join } from 'node:path'
import type { ModelInfo } from '../ports/capability.ts'
import { fingerprint, type HashedFile, hashFile } from './fingerprint.ts'
import { readManifest } from './install-manifest.ts'

/** @param files relative paths of what the model reads; digests that the install recorded save hashing gigabytes */
export async function identifyModel(folder: string, files: readonly string[]): Promise<ModelInfo> {
  const known = await readManifest(folder)
  const recorded = new Map(known?.files.map((file) => [file.path, file.sha256]))
  const hashed: HashedFile[] = []
  for (const path of files) hashed.push({ path, sha256: recorded.get(path) ?? (await hashFile(join(folder, path))) })
  const name = known?.name ?? basename(folder)
  const version = fingerprint(hashed)
  return { id: `onnx/${name}@${version}`, provider: 'onnx', name, version, licence: known?.licence ?? 'see the model’s card' }
}
