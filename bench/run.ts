/** @file `npm run bench [-- name …]`: measures speed and memory on this machine, prints it, appends it to the history. Nothing here asserts. */
import { appendFileSync } from 'node:fs'
import { arch, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { isStarted, startAgain } from '../src/start-settings.ts'
import type { Benchmark } from './row.ts'

// as the program runs
if (!isStarted()) startAgain()

const BENCHMARKS: Readonly<Record<string, () => Promise<{ run: () => Promise<Benchmark> }>>> = {
  'decode-once': () => import('./decode-once.ts'),
  embedding: () => import('./embedding.ts'),
  ocr: () => import('./ocr.ts'),
  vision: () => import('./vision.ts'),
  pipeline: () => import('./pipeline.ts'),
  startup: () => import('./startup.ts'),
  edits: () => import('./edits.ts'),
  products: () => import('./products.ts'),
  people: () => import('./people.ts'),
  search: () => import('./search.ts'),
  'search-while-analysing': () => import('./search-while-analysing.ts'),
  'search-postgres': () => import('./search-postgres.ts'),
  clusters: () => import('./clusters.ts'),
  trips: () => import('./trips.ts'),
  gallery: () => import('./gallery.ts'),
  duplicates: () => import('./duplicates.ts'),
  'white-background': () => import('./white-background.ts'),
  'text-space': () => import('./text-space.ts'),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0) {
  console.error(`no benchmark called ${unknown.join(', ')}; there are: ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exit(2)
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? arch()}`
console.log(`${machine}, Node ${process.version}, load ${loadavg()[0]?.toFixed(2)}`)
for (const name of asked.length > 0 ? asked : Object.keys(BENCHMARKS)) {
  const module = await BENCHMARKS[name]?.()
  if (!module) continue
  const load = loadavg()[0]
  const { rows, notes = [] } = await module.run()
  console.log(`\n${name}`)
  for (const row of rows) console.log(`  ${row.label.padEnd(64)} ${format(row.value).padStart(10)} ${row.unit}`)
  for (const note of notes) console.log(`  · ${note}`)
  const line = { at: new Date().toISOString(), machine, node: process.version, load, name, rows, notes }
  appendFileSync(join(import.meta.dirname, 'history.jsonl'), `${JSON.stringify(line)}\n`)
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value >= 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 2)
}
process.exit(0)
