/** @file Labelled pictures are imported into a library of their own, which is deleted afterwards, and what was found is held against the labels. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../config/schema.ts'
import type { PhotoDetail } from '../../contract/photo.ts'
import { FototecaError } from '../../domain/errors.ts'
import { type Api, createApi } from '../api.ts'
import type { CliDeps } from '../context.ts'
import { createProgressView, followProgress } from '../progress-view.ts'
import { type Check, type Labelled, runChecks, SEARCH_DEPTH } from './checks.ts'
import { LABELS_FILE, LABELS_HELP, type Label, readLabels } from './labels.ts'

type Deps = Pick<CliDeps, 'openInProcess' | 'stderr' | 'isTty'>

const LOOK_MS = 500

/** @throws FototecaError `not_found`, `invalid` with what to give it */
export async function validateFolder(
  deps: Deps,
  given: Config,
  folder: string,
): Promise<{ readonly pictures: number; readonly checks: readonly Check[] }> {
  const text = await readFile(join(folder, LABELS_FILE), 'utf8').catch(() => {
    throw new FototecaError('not_found', `there is no ${join(folder, LABELS_FILE)}. ${LABELS_HELP}`)
  })
  const labels = readLabels(text)
  const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-validate-'))
  try {
    const config = ofItsOwn(given, dataDir)
    await using library = await deps.openInProcess(config)
    const api = createApi(library.fetch, config.token)
    const found = await findLabelled(api, deps, folder, labels)
    return { pictures: labels.length, checks: runChecks(found, config.duplicateThreshold) }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** The models that are installed, and nothing else of the library: nothing is downloaded, sent, or paid for. */
function ofItsOwn(config: Config, dataDir: string): Config {
  const {
    databaseUrl: _,
    databaseDirectUrl: _d,
    photosDir: _p,
    describe: _c,
    generate: _g,
    textEmbedding: _t,
    stores: _s,
    ...rest
  } = config
  return { ...rest, dataDir, dataMustExist: 'off', modelDownload: 'never', roles: 'all' } as Config
}

async function findLabelled(api: Api, deps: Deps, folder: string, labels: readonly Label[]): Promise<Labelled[]> {
  await api.call('addSource', { body: { path: folder } })
  let quiet = 0
  await followProgress(() => api.call('getProgress'), createProgressView(deps.stderr, deps.isTty), {
    isDone: (progress) => {
      quiet = progress.due === 0 && progress.scanning.length === 0 && progress.photos > 0 ? quiet + 1 : 0
      return quiet >= 2
    },
  })
  await untilAssigned(api)
  const photos = new Map<string, PhotoDetail>()
  for (let skip = 0, total = 1; skip < total; skip += 500) {
    const page = await api.call('listPhotos', { query: { skip, limit: 500 } })
    total = page.total
    for (const { id } of page.photos) {
      const photo = await api.call('getPhoto', { params: { id } })
      for (const { path } of photo.files) photos.set(path, photo)
    }
  }
  const labelled: Labelled[] = []
  for (const label of labels) {
    const photo = photos.get(label.file) ?? photos.get(join(folder, label.file))
    const found = new Set<string>()
    for (const query of label.queries ?? []) {
      const answer = await api.call('search', { query: { q: query, limit: SEARCH_DEPTH } })
      if (answer.hits.some((hit) => hit.photo.id === photo?.id)) found.add(query)
    }
    labelled.push({ label, photo, found })
  }
  return labelled
}

/** Faces are put to people some seconds after the last picture was analysed. */
async function untilAssigned(api: Api): Promise<void> {
  for (;;) {
    const { tasks } = await api.call('getTasks')
    const people = tasks.find(({ name }) => name === 'people')
    if (!people || ['held', 'stopped'].includes(people.state) || people.failures_in_a_row > 0) return
    if (people.due === 0 && people.state === 'idle') return
    await sleep(LOOK_MS)
  }
}
