/**
 * @file `npm run eval [-- name … --save]`: measures quality on the test data, prints it beside the committed baseline,
 * and fails when a metric got worse. `--save` makes the result the new baseline; every full run is appended to the history.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus } from 'node:os'
import { join } from 'node:path'
import { type Evaluation, isLowerBetter } from './metric.ts'

const EVALUATIONS: Readonly<Record<string, () => Promise<{ run: () => Promise<Evaluation> }>>> = {
  pdq: () => import('./pdq.ts'),
  'near-duplicates': () => import('./near-duplicates.ts'),
  duplicates: () => import('./duplicates.ts'),
  products: () => import('./products.ts'),
  objects: () => import('./objects.ts'),
  'vision-models': () => import('./vision-models.ts'),
  faces: () => import('./faces.ts'),
  people: () => import('./people.ts'),
  ocr: () => import('./ocr.ts'),
  documents: () => import('./documents.ts'),
  embedding: () => import('./embedding.ts'),
  tags: () => import('./tags.ts'),
  clusters: () => import('./clusters.ts'),
  retrieval: () => import('./retrieval.ts'),
  describe: () => import('./describe.ts'),
  cutout: () => import('./cutout.ts'),
}
/** Models run on floats: the last digit may differ between machines. */
const TOLERANCE = 0.01
const BASELINE = join(import.meta.dirname, 'baseline.json')
const HISTORY = join(import.meta.dirname, 'history.jsonl')

const args = process.argv.slice(2)
const isSaving = args.includes('--save')
const asked = args.filter((arg) => !arg.startsWith('--'))
const unknown = asked.filter((name) => !(name in EVALUATIONS))
if (unknown.length > 0) {
  console.error(`no evaluation called ${unknown.join(', ')}; there are: ${Object.keys(EVALUATIONS).join(', ')}`)
  process.exit(2)
}

type Baseline = Record<string, Record<string, number>>
const baseline: Baseline = existsSync(BASELINE) ? (JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline) : {}
const results: Baseline = {}
let worse = 0

for (const name of asked.length > 0 ? asked : Object.keys(EVALUATIONS)) {
  const startedAt = performance.now()
  const module = await EVALUATIONS[name]?.()
  if (!module) continue
  const { metrics, notes } = await module.run()
  // what was not measured keeps its baseline; a describer's figures stand beside those of others
  if (Object.keys(metrics).length > 0) results[name] = name === 'describe' ? { ...baseline[name], ...metrics } : { ...metrics }
  console.log(`\n${name} (${((performance.now() - startedAt) / 1000).toFixed(0)} s)`)
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
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3)
}

if (isSaving) writeFileSync(BASELINE, `${JSON.stringify({ ...baseline, ...results }, null, 2)}\n`)
if (asked.length === 0)
  appendFileSync(
    HISTORY,
    `${JSON.stringify({ at: new Date().toISOString(), machine: `${cpus().length} × ${cpus()[0]?.model ?? arch()}`, node: process.version, results })}\n`,
  )
if (worse > 0 && !isSaving) {
  console.error(`\n${worse} metric${worse === 1 ? ' is' : 's are'} worse than the baseline`)
  process.exit(1)
}
process.exit(0)
