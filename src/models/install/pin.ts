/**
 * @file What was first downloaded of a model: its commit and the SHA-256 of every file. A later download must be the same, unless a person
 * says otherwise. Kept apart from the model, so that it outlives its removal.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FototecaError } from '../../domain/errors.ts'
import type { DownloadableModel } from '../catalogue/catalogue-row.ts'
import { diskError } from './hub-download.ts'
import type { Manifest } from './install-manifest.ts'

const PINS = '.pins'

const Pin = z.object({
  format: z.literal(1),
  repo: z.string(),
  commit: z.string().nullable(),
  files: z.array(z.object({ path: z.string(), sha256: z.string().length(64) })),
  at: z.string(),
})
export type Pin = z.infer<typeof Pin>

/** What a download must be; null where neither this version of fototeca nor an earlier download says. */
export interface Expected {
  readonly commit: string | null
  readonly digestOf: (
    path: string,
  ) => { readonly sha256: string; readonly from: 'catalogue' | 'first download'; readonly at?: string } | null
}

/** @returns null where nothing of this repository was downloaded yet, or where this version of fototeca names another commit than that */
export async function readPin(modelDir: string, { name, repo, commit }: DownloadableModel): Promise<Pin | null> {
  const file = pinFile(modelDir, name)
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  const pin = parsePin(text, file)
  return pin.repo !== repo || (commit !== null && pin.commit !== commit) ? null : pin
}

/** A damaged record must not pass for none: then any file would do. */
function parsePin(text: string, file: string): Pin {
  try {
    return Pin.parse(JSON.parse(text))
  } catch (error) {
    throw new FototecaError(
      'invalid',
      `${file} says what was first downloaded of this model, and cannot be read; delete it to download the model as if for the first time`,
      { cause: error },
    )
  }
}

/** Remembers what the hub sent. A model that was brought from a folder is its owner's own business. */
export async function writePin(modelDir: string, { name, source, files, installedAt }: Manifest): Promise<void> {
  if (!('repo' in source)) return
  const pin: Pin = {
    format: 1,
    repo: source.repo,
    commit: source.commit,
    files: files.map(({ path, sha256 }) => ({ path, sha256 })),
    at: installedAt,
  }
  const file = pinFile(modelDir, name)
  try {
    await mkdir(join(modelDir, PINS), { recursive: true })
    await writeFile(`${file}.new`, `${JSON.stringify(pin, null, 1)}\n`)
    await rename(`${file}.new`, file)
  } catch (error) {
    throw diskError(error, file)
  }
}

/** The catalogue's word comes first: it is reviewed, a first download is only believed. */
export function expect(row: DownloadableModel, pin: Pin | null): Expected {
  const listed = 'prefixes' in row.files ? [] : row.files
  return {
    commit: row.commit ?? pin?.commit ?? null,
    digestOf: (path) => {
      const known = listed.find((file) => file.path === path || file.orElse === path)?.sha256 ?? null
      if (known !== null) return { sha256: known, from: 'catalogue' }
      const first = pin?.files.find((file) => file.path === path)
      return first && pin ? { sha256: first.sha256, from: 'first download', at: pin.at } : null
    },
  }
}

function pinFile(modelDir: string, name: string): string {
  return join(modelDir, PINS, `${name}.json`)
}
