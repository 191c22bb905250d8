/**
 * @file The real program with the budget of a machine of 4 GiB: three hostile pictures of each kind at once at each of its doors, the most that
 * it and its processes held beyond what they hold with their models loaded, and what it answered.
 */
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Generation } from '../src/contract/generate.ts'
import type { SourceReport } from '../src/contract/library.ts'
import { makeAnother, STILL_TAKEN, TOO_LARGE, type ZooPicture } from '../test/support/hostile-zoo.ts'
import { drawnPath, photoPath } from '../test/support/pictures.ts'
import { askJson, type Program, startProgram, until } from '../test/support/program.ts'
import { readTreeHeld, watchTree } from '../test/support/tree-memory.ts'
import type { Row } from './row.ts'

const BUDGET_MB = 600
const AT_ONCE = 3
const TIMEOUT_MS = 600_000

interface Photo {
  readonly id: number
  readonly filename: string
  readonly state: string
  readonly reason: string | null
}
/** What became of a picture: “done”, or why not. */
type Door = (files: readonly { readonly name: string; readonly bytes: Buffer }[]) => Promise<readonly string[]>

export async function runDoors(
  pictures: readonly ZooPicture[] = [...TOO_LARGE, ...STILL_TAKEN],
): Promise<{ readonly rows: readonly Row[]; readonly notes: readonly string[] }> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-decode-doors-'))
  await using program = await startProgram({
    env: { FOTOTECA_DECODE_MEMORY_MB: String(BUDGET_MB), FOTOTECA_GENERATE: 'fake', FOTOTECA_WATCH: 'off', FOTOTECA_LOG_LEVEL: 'silent' },
  })
  const doors = openDoors(program, folder.path)
  // every process is up and every model loaded
  const sound = await Promise.all([photoPath('cat'), photoPath('dogs'), drawnPath('product-hoop')].map((path) => readFile(path)))
  for (const door of Object.values(doors))
    await door(sound.map((bytes, index) => ({ name: `sound-${index}.jpg`, bytes: makeAnother(bytes) })))
  const idle = readTreeHeld(program.pid)

  const rows: Row[] = []
  const notes: string[] = []
  const row = (label: string, bytes: number) => rows.push({ label, value: Math.round(bytes / 1_000_000), unit: 'MB' })
  row('the program at rest, models loaded (without mapped files)', idle)
  row('budget of decodes', BUDGET_MB * 1_000_000)
  let most = 0
  for (const picture of pictures) {
    const bytes = await picture.make()
    for (const [name, door] of Object.entries(doors)) {
      const files = Array.from({ length: AT_ONCE }, (_, index) => ({ name: nameFile(picture, index), bytes: makeAnother(bytes) }))
      const startedAt = performance.now()
      const { result, peak } = await watchTree(program.pid, () => door(files))
      most = Math.max(most, peak - idle)
      row(`${picture.name}, three at once, ${name}: beyond rest`, Math.max(0, peak - idle))
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      const note = `${picture.name}, ${name}, all three after ${seconds} s: ${[...new Set(result)].join(' | ')}`
      notes.push(note)
      console.error(`${Math.round((peak - idle) / 1_000_000)} MB beyond rest: ${note}`)
    }
  }
  row('the most of all beyond rest', most)
  return { rows, notes }
}

const nameFile = ({ name, extension }: ZooPicture, index: number) => `${name.replaceAll(/\W+/g, '-')}-${index}.${extension}`

function openDoors(program: Program, folder: string): Record<string, Door> {
  const { url } = program
  const send = async (path: string, name: string, bytes: Buffer) => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes)]), name)
    const answer = await fetch(url + path, { method: 'POST', body: form, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const body = (await answer.json()) as { detail?: string; photos?: { detail?: string; reason?: string }[] }
    return { status: answer.status, body }
  }
  const ask =
    (path: string): Door =>
    (files) =>
      Promise.all(
        files.map(async ({ name, bytes }) => {
          const { status, body } = await send(path, name, bytes)
          return status === 200 ? 'done' : `${status} ${body.detail ?? JSON.stringify(body).slice(0, 200)}`
        }),
      )
  /** the photos of these names, once nothing is due any more */
  const settle = async (names: readonly string[]) => {
    // counts are kept for a moment, so the photos themselves are asked
    const { photos } = await until<{ photos: Photo[] }>(
      `${url}/api/photos?limit=200`,
      (list) => list.photos.every(({ state }) => ['completed', 'partial', 'failed'].includes(state)),
      TIMEOUT_MS,
    )
    return photos.filter(({ filename }) => names.includes(filename))
  }
  const tell = ({ state, reason }: Photo) => (state === 'completed' || state === 'partial' ? 'done' : `${state}: ${reason}`)
  const upload: Door = async (files) => {
    const answers = await Promise.all(files.map(({ name, bytes }) => send('/api/photos', name, bytes)))
    const refused = answers
      .filter(({ status }) => status >= 400)
      .map(({ status, body }) => `${status} ${body.detail ?? JSON.stringify(body).slice(0, 200)}`)
    return refused.length > 0 ? refused : (await settle(files.map(({ name }) => name))).map(tell)
  }
  let folders = 0
  const scan: Door = async (files) => {
    const path = join(folder, String(++folders))
    await mkdir(path)
    for (const { name, bytes } of files) await writeFile(join(path, `folder-${name}`), bytes)
    const source = await askJson<{ id: number }>(`${url}/api/sources`, { path })
    await until<{ sources: SourceReport[] }>(
      `${url}/api/sources`,
      ({ sources }) => sources.some(({ id, scanned_at }) => id === source.id && scanned_at !== null),
      TIMEOUT_MS,
    )
    return (await settle(files.map(({ name }) => `folder-${name}`))).map(tell)
  }
  // of what was uploaded
  const generate: Door = async (files) => {
    const photos = await settle(files.map(({ name }) => name))
    if (photos.length === 0) return ['not a photo of the library']
    const run = await askJson<Generation>(`${url}/api/products/generations`, {
      photos: photos.map(({ id }) => id),
      image_types: [1],
      num_images: 1,
    }).catch((error: unknown) => String(error).slice(0, 300))
    if (typeof run === 'string') return [run]
    const ended = await until<Generation>(
      `${url}/api/products/generations/${run.id}`,
      ({ images }) => images.every(({ state }) => state === 'done' || state === 'failed'),
      TIMEOUT_MS,
    )
    return ended.images.map(({ state, reason }) => (state === 'done' ? 'done' : `${state}: ${reason}`))
  }
  return {
    upload,
    folder: scan,
    'search by picture': ask('/api/search/by-picture'),
    'products check': ask('/api/products/check'),
    generate,
  }
}
