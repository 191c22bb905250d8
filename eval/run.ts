/**
 * @file `npm run eval [-- name … --save]`: measures quality on the test data, prints it beside the committed baseline,
 * and fails when a metric got worse. `--save` makes the result the new baseline; every full run is appended to the history.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus } from 'node:os'
import { join } from 'node:path'
import { type Measurements, measureAll, readCommand } from '../scripts/measurements.ts'
import { LABELS_HELP } from '../src/cli/validate/labels.ts'
import { FototecaError } from '../src/domain/errors.ts'
import { type Evaluation, isLowerBetter } from './metric.ts'
import { evaluateOwn } from './own.ts'

const EVALUATIONS: Measurements<Evaluation> = {
  pdq: { about: 'perceptual hashes against the reference', needs: ['data'], load: () => import('./pdq.ts') },
  'near-duplicates': { about: 'edited copies against other pictures', needs: ['data'], load: () => import('./near-duplicates.ts') },
  duplicates: { about: 'duplicates by kind, as the library tells them', needs: ['data', 'models'], load: () => import('./duplicates.ts') },
  products: { about: 'product pictures as a store compares them', needs: ['data'], load: () => import('./products.ts') },
  objects: { about: 'things in pictures, built-in', needs: ['data'], load: () => import('./objects.ts') },
  'vision-models': {
    about: 'a tagger and a detector brought along',
    needs: ['data', 'models'],
    load: () => import('./vision-models.ts'),
  },
  faces: { about: 'faces found, and told apart', needs: ['data', 'models'], load: () => import('./faces.ts') },
  people: { about: 'faces assigned to people', needs: ['data', 'models'], load: () => import('./people.ts') },
  ocr: { about: 'text read', needs: ['data'], load: () => import('./ocr.ts') },
  documents: { about: 'documents told from photos', needs: ['data'], load: () => import('./documents.ts') },
  embedding: { about: 'search by meaning', needs: ['data', 'models'], load: () => import('./embedding.ts') },
  meaning: { about: 'the built-in text–image space', needs: ['data'], load: () => import('./meaning.ts') },
  tags: { about: 'tags in words and their thresholds', needs: ['data', 'models'], load: () => import('./tags.ts') },
  clusters: { about: 'clusters against known kinds', needs: ['data', 'models'], load: () => import('./clusters.ts') },
  similar: { about: 'how near pictures in one album must be', needs: ['data', 'models'], load: () => import('./similar.ts') },
  retrieval: { about: 'whole searches with known answers', needs: ['data', 'models'], load: () => import('./retrieval.ts') },
  ranking: { about: 'the order of searches for one thing, by class', needs: ['data', 'models'], load: () => import('./ranking.ts') },
  'known-item': {
    about: 'photos found by how a person would describe them',
    needs: ['data', 'models'],
    load: () => import('./known-item.ts'),
  },
  describe: { about: 'descriptions by a model of your choice', needs: ['data', 'describer'], load: () => import('./describe.ts') },
  cutout: { about: 'products cut out of their ground', needs: ['data'], load: () => import('./cutout.ts') },
  redraw: { about: 'products that a model drew again', needs: ['data'], load: () => import('./redraw.ts') },
}
/** One's own pictures, in the folder format of `fototeca validate`: an argument with a slash, or a folder that is there. */
const isFolder = (argument: string): boolean =>
  !argument.startsWith('-') && !Object.hasOwn(EVALUATIONS, argument) && (/[\\/]/.test(argument) || existsSync(argument))
const given = process.argv.slice(2)
const folders = given.filter(isFolder)

/** Models run on floats: the last digit may differ between machines. */
const TOLERANCE = 0.01
const BASELINE = join(import.meta.dirname, 'baseline.json')
const HISTORY = join(import.meta.dirname, 'history.jsonl')

const command = readCommand(
  {
    call: 'npm run eval',
    kind: 'evaluation',
    about: 'Measures quality on pictures with known answers, beside the committed baseline; fails where a figure got worse.',
    flags: { save: 'make the result the new baseline' },
  },
  EVALUATIONS,
  given.filter((argument) => !isFolder(argument)),
)
if ('say' in command) {
  console[command.code === 0 ? 'log' : 'error'](
    `${command.say}${command.code === 0 ? `\n\nOn pictures of your own: npm run eval -- <folder>. ${LABELS_HELP}` : ''}`,
  )
  process.exit(command.code)
}
for (const folder of folders)
  try {
    show(await evaluateOwn(folder))
  } catch (error) {
    if (!(error instanceof FototecaError)) throw error
    console.error(error.message)
    process.exit(2)
  }
if (folders.length > 0 && command.names.length === 0) process.exit(0)
const isWhole = command.names.length === 0
const isSaving = command.flags.has('save')

type Baseline = Record<string, Record<string, number>>
const baseline: Baseline = existsSync(BASELINE) ? (JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline) : {}
const results: Baseline = {}
let worse = 0

const { left, code } = await measureAll(EVALUATIONS, command.names, (name, { metrics, notes }, seconds) => {
  // what was not measured keeps its baseline; a describer's figures stand beside those of others
  if (Object.keys(metrics).length > 0) results[name] = name === 'describe' ? { ...baseline[name], ...metrics } : { ...metrics }
  console.log(`\n${name} (${seconds.toFixed(0)} s)`)
  for (const [metric, value] of Object.entries(metrics)) {
    const before = baseline[name]?.[metric]
    const isWorse =
      before !== undefined && (isLowerBetter(metric) ? value > before * (1 + TOLERANCE) + 1e-9 : value < before * (1 - TOLERANCE) - 1e-9)
    if (isWorse) worse++
    console.log(
      `  ${metric.padEnd(44)} ${format(value).padStart(10)}  baseline ${before === undefined ? '—' : format(before)}${isWorse ? '  WORSE' : ''}`,
    )
  }
  for (const note of notes) console.log(`  · ${note}`)
})

/** Figures of one's own pictures stand alone: the baseline is of other pictures. */
function show({ name, metrics, notes }: Evaluation): void {
  console.log(`\n${name}`)
  for (const [metric, value] of Object.entries(metrics)) console.log(`  ${metric.padEnd(44)} ${format(value).padStart(10)}`)
  for (const note of notes) console.log(`  · ${note}`)
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3)
}

if (left !== '') console.error(`\n${left}${isWhole ? `\nOn pictures of your own: npm run eval -- <folder> (npm run eval -- --help).` : ''}`)
// without results neither the baseline nor the history says anything new
if (code !== 0) process.exit(code)
if (isSaving) writeFileSync(BASELINE, `${JSON.stringify({ ...baseline, ...results }, null, 2)}\n`)
if (isWhole)
  appendFileSync(
    HISTORY,
    `${JSON.stringify({ at: new Date().toISOString(), machine: `${cpus().length} × ${cpus()[0]?.model ?? arch()}`, node: process.version, results })}\n`,
  )
if (worse > 0 && !isSaving) {
  console.error(`\n${worse} metric${worse === 1 ? ' is' : 's are'} worse than the baseline`)
  process.exit(1)
}
process.exit(0)
