/**
 * @file `npm test`: types, lint, import walls, unused code, then every test project, one after another (two cores and real models leave no room for more at once).
 * Finds or installs a Chromium for the page tests. Ends with one line, `N passed, N failed`, and writes test-results/summary.json.
 *   npm test -- --project medium   only these projects, without types and lint
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findChromium } from '../test/support/chromium.ts'

const PROJECTS = ['unit', 'medium', 'models', 'e2e'] as const
type Project = (typeof PROJECTS)[number]

interface Outcome {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
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
const { values } = parseArgs({ options: { project: { type: 'string', multiple: true } } })
const wanted = readWanted(values.project)
const env: NodeJS.ProcessEnv = {
  // the program keeps its compiled code there; the processes that tests start of its parts find it too
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/fototeca'),
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
}

mkdirSync(results, { recursive: true })
const outcomes: Outcome[] = []
if (values.project === undefined) {
  outcomes.push(runCheck('types', [['tsc', '-p', '.'], ...(existsSync(join(root, 'web/app')) ? [['tsc', '-p', 'web']] : [])]))
  outcomes.push(runCheck('lint', [['biome', 'check', '--error-on-warnings', '.']]))
  outcomes.push(
    runCheck('walls', [['depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'web', '--include-only', '^(src|web|node_modules)']]),
  )
  outcomes.push(runCheck('unused', [['knip', '--no-config-hints']]))
}
for (const project of wanted) outcomes.push(project === 'e2e' ? runPageTests() : runProject(project))

const sum = (key: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[key], 0)
console.log('\n')
for (const { failures = [] } of outcomes) for (const failure of failures) console.log(`✗ ${failure}\n`)
for (const { retried = [] } of outcomes) for (const test of retried) console.log(`↻ ${test}\n`)
for (const { name, passed, failed, skipped, note, retried = [] } of outcomes) {
  const again = retried.length > 0 ? `, ${retried.length} of them only when tried again` : ''
  console.log(
    `${failed > 0 ? '✗' : '✓'} ${name.padEnd(8)} ${passed} passed${again}, ${failed} failed, ${skipped} skipped${note ? `  (${note})` : ''}`,
  )
}
const summary = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
writeFileSync(join(results, 'summary.json'), `${JSON.stringify({ ...summary, outcomes }, null, 2)}\n`)
console.log(`${summary.passed} passed, ${summary.failed} failed`)
process.exitCode = summary.failed > 0 ? 1 : 0

function readWanted(given: readonly string[] | undefined): readonly Project[] {
  if (given === undefined) return PROJECTS
  const unknown = given.filter((name) => !PROJECTS.includes(name as Project))
  if (unknown.length === 0) return given as Project[]
  console.error(`no such project: ${unknown.join(', ')}; there are ${PROJECTS.join(', ')}`)
  process.exit(2)
}

function run(command: readonly string[]): boolean {
  const [program = '', ...args] = command
  const done = spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.error) console.error(done.error.message)
  return done.status === 0
}

function runCheck(name: string, commands: readonly (readonly string[])[]): Outcome {
  console.log(`\n── ${name}`)
  const isGood = commands.map(run).every(Boolean)
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

function runProject(project: Project): Outcome {
  console.log(`\n── ${project}`)
  const file = join(results, `${project}.json`)
  rmSync(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const isGood = run(['vitest', 'run', '--project', project, '--passWithNoTests', ...reporters])
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
    failures: listFailures(report),
    retried: listRetried(report),
    ...(!isGood && failed === 0 ? { note: 'an error outside any test' } : {}),
  }
}

function runPageTests(): Outcome {
  const chromium = findChromium() ?? installChromium()
  if (chromium !== undefined) {
    env.FOTOTECA_TEST_CHROMIUM = chromium
    return runProject('e2e')
  }
  const note = 'no Chromium found: install the package chromium, or set FOTOTECA_TEST_CHROMIUM to one'
  console.log(`\n── e2e\n${note}`)
  return { name: 'e2e', passed: 0, failed: isCi ? 1 : 0, skipped: 1, note }
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
