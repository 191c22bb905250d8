/** @file fototeca validate: the described checks on labelled pictures, in a library of their own that is deleted afterwards. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../../config/schema.ts'
import type { PhotoDetail } from '../../contract/photo.ts'
import { FototecaError } from '../../domain/errors.ts'
import { type Api, createApi } from '../api.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatTable } from '../format.ts'
import { createProgressView, followProgress } from '../progress-view.ts'
import { type Check, type Labelled, runChecks, SEARCH_DEPTH } from '../validate/checks.ts'
import { LABELS_FILE, LABELS_HELP, type Label, readLabels } from '../validate/labels.ts'

export function addValidate(program: Command, context: CliContext): void {
  program
    .command('validate')
    .description('check what is found in labelled pictures: objects, categories, text, faces, duplicates, search')
    .argument('[folder]', `folder with pictures and ${LABELS_FILE}`)
    .addHelpText('after', `\n${LABELS_HELP}\n\nExamples:\n  fototeca validate ~/labelled\n  fototeca validate --json ~/labelled`)
    .action(async (given: string | undefined) => {
      if (given === undefined) throw new FototecaError('config', `name a folder. ${LABELS_HELP}`)
      const folder = resolve(given)
      const text = await readFile(join(folder, LABELS_FILE), 'utf8').catch(() => {
        throw new FototecaError('not_found', `there is no ${join(folder, LABELS_FILE)}. ${LABELS_HELP}`)
      })
      const labels = readLabels(text)
      const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-validate-'))
      try {
        const config = ofItsOwn(context.config(), dataDir)
        await using library = await context.deps.openInProcess(config)
        const api = createApi(library.fetch, config.token)
        const checks = runChecks(await findLabelled(api, context, folder, labels), config.duplicateThreshold)
        const isPassed = checks.every(({ state }) => state !== 'fail')
        context.print({ folder, pictures: labels.length, passed: isPassed, checks }, () => renderChecks(checks, isPassed))
        if (!isPassed) throw new Failed()
      } finally {
        await rm(dataDir, { recursive: true, force: true })
      }
    })
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

async function findLabelled(api: Api, { deps }: CliContext, folder: string, labels: readonly Label[]): Promise<Labelled[]> {
  await api.call('addSource', { body: { path: folder } })
  let quiet = 0
  await followProgress(() => api.call('getProgress'), createProgressView(deps.stderr, deps.isTty), {
    isDone: (progress) => {
      quiet = progress.due === 0 && progress.scanning.length === 0 && progress.photos > 0 ? quiet + 1 : 0
      return quiet >= 2
    },
  })
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

function renderChecks(checks: readonly Check[], isPassed: boolean): string {
  const percent = (value: number | null) => (value === null ? '–' : `${Math.round(value * 1000) / 10} %`)
  const rows = checks.map(({ check, value, threshold, right, of, state }) => [
    check,
    `${right} of ${of}`,
    percent(value),
    `≥ ${percent(threshold)}`,
    state,
  ])
  const misses = checks.flatMap(({ check, state, misses }) => (state === 'fail' ? misses.map((miss) => `  ${check}  ${miss}`) : []))
  return [formatTable([['check', 'right', 'value', 'threshold', 'result'], ...rows]), ...misses, isPassed ? 'passed' : 'failed'].join('\n')
}
