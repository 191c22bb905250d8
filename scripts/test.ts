/**
 * @file `npm test`: types, lint, import walls, unused code side by side, then every test project, one after another (two cores and real models leave no room for more at once).
 * Finds or installs a Chromium for the page tests. Says at its end what was skipped and what would run it, then `N passed, N failed`,
 * and writes test-results/summary.json. `npm test -- --help` says the options.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findChromium } from '../test/support/chromium.ts'
import { describeNeeds, listMissing, NEEDS } from '../test/support/needs.ts'

const PROJECTS = ['unit', 'medium', 'models', 'e2e'] as const
type Project = (typeof PROJECTS)[number]
/** What these tests need lies beside the project; all others run without. */
const SHARED_FILE = '.shared.test.ts'
/** Sweeps; what else `--long` runs takes a sample without it (`test/support/long.ts`). */
const LONG_FILE = '.long.test.ts'
const HELP = `npm test [-- --project <name> … --shared --long --help <part of a path> …]
Runs types, lint, import walls, unused code, and every test, of long sweeps a sample; with parts of paths the tests of these files alone.

Options:
  --project <name>  only this project, without types and lint: ${PROJECTS.join(', ')}; may be given more than once
  --shared          only the tests (*${SHARED_FILE}) that need ${NEEDS.data.what} or ${NEEDS.models.what}, without types and lint
  --long            only the tests that sweep (kills and power cuts at every moment, every door), whole, without types and lint
  --help            say this

What does not come with the project; tests that need it are skipped, and the end says how many:
${(['data', 'models', 'chromium'] as const).map((need) => `  ${NEEDS[need].what}: ${NEEDS[need].how}`).join('\n')}
  a PostgreSQL server: set FOTOTECA_TEST_POSTGRES to its address; the database tests run on it then`

interface Outcome {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** of those skipped, how many for want of what */
  readonly needs?: Readonly<Record<string, number>>
  readonly note?: string
  /** each failed test with the beginning of its error, so that the end of a long log says what is wrong */
  readonly failures?: readonly string[]
  /** each test that passed only when it was tried again, likewise */
  readonly retried?: readonly string[]
}

/** Lines of a failed test’s error that are shown again at the end. */
const SHOWN_LINES = 8

const root = resolve(import.meta.dirname, '..')
const results = join(root, 'test-results')
const isCi = process.env.CI === 'true'
const missing = listMissing(['data', 'models'])
const { wanted, paths, isShared, isLong, isWhole } = readOptions()
const env: NodeJS.ProcessEnv = {
  // the program keeps its compiled code there; the processes that tests start of its parts find it too
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/fototeca'),
  ...process.env,
  ...(isLong ? { FOTOTECA_TEST_LONG: '1' } : {}),
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
}

mkdirSync(results, { recursive: true })
const outcomes: Outcome[] = []
if (isWhole) {
  // side by side: each of them uses one core most of its time
  const checks = [
    runCheck('types', ['tsc', '-p', '.']),
    runCheck('types of the page', ['tsc', '-p', 'web']),
    runCheck('lint', ['biome', 'check', '--error-on-warnings', '.']),
    runCheck('walls', ['depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'web', '--include-only', '^(src|web|node_modules)']),
    runCheck('unused', ['knip', '--no-config-hints']),
  ]
  outcomes.push(...(await Promise.all(checks)))
}
for (const project of wanted) outcomes.push(project === 'e2e' ? runPageTests() : runProject(project))

const sum = (key: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[key], 0)
console.log('\n')
for (const { failures = [] } of outcomes) for (const failure of failures) console.log(`✗ ${failure}\n`)
for (const { retried = [] } of outcomes) for (const test of retried) console.log(`↻ ${test}\n`)
for (const { name, passed, failed, skipped, note, retried = [] } of outcomes) {
  const again = retried.length > 0 ? `, ${retried.length} of them only when tried again` : ''
  console.log(
    `${failed > 0 ? '✗' : '✓'} ${name.padEnd(17)} ${passed} passed${again}, ${failed} failed, ${skipped} skipped${note ? `  (${note})` : ''}`,
  )
}
const needs: Record<string, number> = {}
for (const outcome of outcomes)
  for (const [reason, count] of Object.entries(outcome.needs ?? {})) needs[reason] = (needs[reason] ?? 0) + count
const skipped = sum('skipped')
if (skipped > 0) {
  const reasons = Object.entries(needs).sort(([, a], [, b]) => b - a)
  console.log(
    `${skipped} ${skipped === 1 ? 'test' : 'tests'} skipped: ${reasons.map(([reason, of]) => `${of} ${of === 1 ? 'needs' : 'need'} ${reason}`).join('; ')}`,
  )
}
if (isWhole) {
  const sweeps = listTestFiles().filter((file) => file.endsWith(LONG_FILE)).length
  console.log(`${sweeps} files of sweeps not run, and of others a sample: \`npm test -- --long\` runs them`)
}
const summary = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
writeFileSync(join(results, 'summary.json'), `${JSON.stringify({ ...summary, needs, outcomes }, null, 2)}\n`)
console.log(`${summary.passed} passed, ${summary.failed} failed`)
process.exitCode = summary.failed > 0 ? 1 : 0

/** Ends the program where there is nothing to run. */
function readOptions(): { wanted: readonly Project[]; paths: readonly string[]; isShared: boolean; isLong: boolean; isWhole: boolean } {
  const end = (say: string, code: number): never => {
    console[code === 0 ? 'log' : 'error'](say)
    process.exit(code)
  }
  const options = {
    project: { type: 'string', multiple: true },
    shared: { type: 'boolean' },
    long: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  let values: { project?: string[]; shared?: boolean; long?: boolean; help?: boolean }
  let paths: string[]
  try {
    ;({ values, positionals: paths } = parseArgs({ options, allowPositionals: true }))
  } catch (error) {
    return end(`${(error as Error).message}\n\n${HELP}`, 2)
  }
  if (values.help) end(HELP, 0)
  const unknown = (values.project ?? []).filter((name) => !PROJECTS.includes(name as Project))
  if (unknown.length > 0) end(`no such project: ${unknown.join(', ')}; there are ${PROJECTS.join(', ')}`, 2)
  const isShared = values.shared === true
  // half of it would pass for the whole
  if (isShared && missing.length > 0) end(`--shared ${describeNeeds(missing)}.`, 2)
  const isLong = values.long === true
  if (isShared && isLong) end('--shared or --long, not both', 2)
  const isWhole = values.project === undefined && paths.length === 0 && !isShared && !isLong
  return { wanted: (values.project as Project[] | undefined) ?? PROJECTS, paths, isShared, isLong, isWhole }
}

function run(command: readonly string[]): boolean {
  const [program = '', ...args] = command
  const done = spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.error) console.error(done.error.message)
  return done.status === 0
}

async function runCheck(name: string, [program, ...args]: readonly [string, ...string[]]): Promise<Outcome> {
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
  const isGood = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      said.push(Buffer.from(`${error.message}\n`))
      resolve(false)
    })
    child.once('close', (code) => resolve(code === 0))
  })
  console.log(`\n── ${name}\n${Buffer.concat(said)}`)
  return { name, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 }
}

/** The part of Vitest’s JSON report that is read here. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
      readonly meta: { readonly needs?: string }
    }[]
  }[]
}

function short(message: string | undefined): string {
  return (message ?? '').split('\n').slice(0, SHOWN_LINES).join('\n    ')
}

/** A passed test keeps the error of an earlier try. */
function listRetried({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map((test) => `${relative(root, name)} > ${test.fullName}\n    ${short(test.failureMessages[0])}`),
  )
}

function listFailures({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    const file = relative(root, name)
    if (status === 'failed' && failed.length === 0) return [`${file}\n    ${short(message)}`]
    return failed.map((test) => `${file} > ${test.fullName}\n    ${short(test.failureMessages[0])}`)
  })
}

/** What each skipped test needs, by how many tests need it. */
function countNeeds(project: Project, { testResults }: Report): Record<string, number> {
  const needs: Record<string, number> = {}
  for (const { name, assertionResults } of testResults)
    for (const { status, meta } of assertionResults) {
      if (status === 'passed' || status === 'failed') continue
      const reason = nameNeed(project, name, meta.needs)
      needs[reason] = (needs[reason] ?? 0) + 1
    }
  return needs
}

function nameNeed(project: Project, file: string, said: string | undefined): string {
  if (file.endsWith(SHARED_FILE) && missing.length > 0) return describeNeeds(missing).replace(/^needs /, '')
  if (said !== undefined) return said
  if (project === 'e2e' && env.FOTOTECA_TEST_CHROMIUM === undefined) return `${NEEDS.chromium.what} (${NEEDS.chromium.how})`
  return `what ${relative(root, file)} does not say`
}

function runProject(project: Project): Outcome {
  console.log(`\n── ${project}`)
  const file = join(results, `${project}.json`)
  rmSync(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const isGood = run(['vitest', 'run', '--project', project, '--passWithNoTests', ...reporters, ...listChosen()])
  if (!existsSync(file))
    return { name: project, passed: 0, failed: isGood ? 0 : 1, skipped: 0, note: isGood ? 'no tests' : 'Vitest did not finish' }
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  // a file that could not be loaded, or whose hooks failed, has no failed test of its own
  const brokenFiles = report.testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = report.numFailedTests + brokenFiles
  return {
    name: project,
    passed: report.numPassedTests,
    failed: isGood ? failed : Math.max(1, failed),
    skipped: report.numPendingTests + report.numTodoTests,
    needs: countNeeds(project, report),
    failures: listFailures(report),
    retried: listRetried(report),
    ...(!isGood && failed === 0 ? { note: 'an error outside any test' } : {}),
  }
}

/** What Vitest is told to run of a project; nothing: all of it. */
function listChosen(): readonly string[] {
  const isNamed = (file: string) => paths.length === 0 || paths.some((path) => file.includes(path))
  if (isShared) return listTestFiles().filter((file) => file.endsWith(SHARED_FILE) && isNamed(file))
  const takesSample = (file: string) => readFileSync(join(root, file), 'utf8').includes('support/long.ts')
  return isLong ? listTestFiles().filter((file) => (file.endsWith(LONG_FILE) || takesSample(file)) && isNamed(file)) : paths
}

function listTestFiles(): string[] {
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  return all.filter((file) => file.endsWith('.test.ts')).map((file) => join('test', file))
}

function runPageTests(): Outcome {
  const chromium = findChromium() ?? installChromium()
  if (chromium !== undefined) {
    env.FOTOTECA_TEST_CHROMIUM = chromium
    return runProject('e2e')
  }
  // what needs none runs all the same
  const note = `no Chromium found: ${NEEDS.chromium.how}`
  const outcome = runProject('e2e')
  return { ...outcome, failed: isCi ? Math.max(1, outcome.failed) : outcome.failed, note }
}

function installChromium(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  console.log('\n── installing chromium with apt-get, for the page tests')
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium']
  env.DEBIAN_FRONTEND = 'noninteractive'
  if (!run(install)) {
    run(['apt-get', 'update'])
    run(install)
  }
  return findChromium()
}
