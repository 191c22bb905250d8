/** @file `npm run bench [-- name …]`: measures speed and memory on this machine, prints it, appends it to the history. Nothing here asserts. */
import { appendFileSync } from 'node:fs'
import { arch, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { type Measurements, measureAll, readCommand } from '../scripts/measurements.ts'
import { isStarted, startAgain } from '../src/start-settings.ts'
import type { Benchmark } from './row.ts'

// as the program runs
if (!isStarted()) startAgain()

const BENCHMARKS: Measurements<Benchmark> = {
  'decode-once': { about: 'a JPEG decoded once for all steps', needs: ['data'], load: () => import('./decode-once.ts') },
  'decode-memory': { about: 'memory that decodes take, beside what is estimated', needs: [], load: () => import('./decode-memory.ts') },
  embedding: { about: 'vectors of pictures and queries', needs: ['data', 'models'], load: () => import('./embedding.ts') },
  ocr: { about: 'text read', needs: ['data'], load: () => import('./ocr.ts') },
  vision: { about: 'things and faces found', needs: ['data'], load: () => import('./vision.ts') },
  device: { about: 'every network by device and pictures in a run', needs: ['data', 'models'], load: () => import('./device.ts') },
  pipeline: { about: 'all steps of 12-megapixel photos', needs: ['data', 'models'], load: () => import('./pipeline.ts') },
  startup: { about: 'from the start to the first page', needs: [], load: () => import('./startup.ts') },
  backup: { about: 'backup and restore of 100,000 photos', needs: [], load: () => import('./backup.ts') },
  edits: { about: 'changes of 100,000 photos', needs: [], load: () => import('./edits.ts') },
  products: { about: 'product pictures at 100,000', needs: ['data', 'models'], load: () => import('./products.ts') },
  people: { about: '50,000 faces assigned to people', needs: ['data'], load: () => import('./people.ts') },
  search: { about: 'search in 100,000 photos', needs: ['data', 'models'], load: () => import('./search.ts') },
  'search-while-analysing': {
    about: 'search while photos are read',
    needs: ['data', 'models'],
    load: () => import('./search-while-analysing.ts'),
  },
  'search-postgres': {
    about: 'search in a million photos on a server',
    needs: ['data', 'models', 'postgres'],
    load: () => import('./search-postgres.ts'),
  },
  clusters: { about: 'clusters among 100,000 vectors', needs: ['data', 'models'], load: () => import('./clusters.ts') },
  trips: { about: 'trips among 100,000 photos', needs: [], load: () => import('./trips.ts') },
  gallery: { about: 'the page with a million photos', needs: ['chromium'], load: () => import('./gallery.ts') },
  duplicates: { about: '100,000 hashes compared', needs: [], load: () => import('./duplicates.ts') },
  'white-background': { about: 'a product picture on white', needs: ['data'], load: () => import('./white-background.ts') },
  verify: { about: 'all files held against their hashes', needs: [], load: () => import('./verify.ts') },
  'text-space': { about: 'the width of vectors', needs: [], load: () => import('./text-space.ts') },
}

const command = readCommand(
  {
    call: 'npm run bench',
    kind: 'benchmark',
    about: 'Measures speed and memory on this machine and appends the figures to bench/history.jsonl. Nothing is judged.',
  },
  BENCHMARKS,
  process.argv.slice(2),
)
if ('say' in command) {
  console[command.code === 0 ? 'log' : 'error'](command.say)
  process.exit(command.code)
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? arch()}`
console.log(`${machine}, Node ${process.version}, load ${loadavg()[0]?.toFixed(2)}`)
let load = loadavg()[0]
const { left, code } = await measureAll(BENCHMARKS, command.names, (name, { rows, notes = [] }) => {
  console.log(`\n${name}`)
  for (const row of rows) console.log(`  ${row.label.padEnd(64)} ${format(row.value).padStart(10)} ${row.unit}`)
  for (const note of notes) console.log(`  · ${note}`)
  const line = { at: new Date().toISOString(), machine, node: process.version, load, name, rows, notes }
  appendFileSync(join(import.meta.dirname, 'history.jsonl'), `${JSON.stringify(line)}\n`)
  load = loadavg()[0]
})
if (left !== '') console.error(`\n${left}`)

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value >= 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 2)
}
process.exit(code)
