/**
 * @file `npm run release`: the program as a tarball that needs no development dependencies, with the built page inside, and beside it the
 * description of the API, the command line's help, the list of all packages (SBOM), and checksums. `--out <folder>`: default `release`.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const root = resolve(import.meta.dirname, '..')
/** What of the repository runs the program, or tells a person about it. */
const CONTENTS = [
  'bin',
  'src',
  'scripts/build-networks.ts',
  'eval/baseline.json',
  'docs',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
  'LICENCES.md',
]
const GENERATED = ['docs/openapi.json', 'docs/cli.md']

type Fields = Record<string, unknown>
interface Manifest extends Fields {
  readonly name: string
  readonly version: string
  readonly scripts: Readonly<Record<string, string>>
}
interface Lock extends Fields {
  readonly packages: Readonly<Record<string, Fields & { readonly dev?: boolean }>>
}

const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'release') } } })
const out = resolve(values.out)
const manifest = readJson<Manifest>('package.json')
const name = `${manifest.name}-${manifest.version}`
const work = mkdtempSync(join(tmpdir(), 'fototeca-release-'))
try {
  const folder = join(work, name)
  for (const script of ['build-web.ts', 'generate.ts'])
    execFileSync(process.execPath, [join(root, 'scripts', script)], { stdio: 'inherit' })
  for (const file of listFiles()) copy(file, folder)
  cpSync(join(root, 'web/dist'), join(folder, 'web/dist'), { recursive: true, filter: (source) => !source.endsWith('.built-from') })
  writeJson(join(folder, 'package.json'), strip(manifest))
  writeJson(join(folder, 'package-lock.json'), stripLock(readJson<Lock>('package-lock.json')))
  const bom = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'], {
    cwd: folder,
    maxBuffer: 1e8,
  })
  writeFileSync(join(folder, 'sbom.cdx.json'), bom)

  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  execFileSync('tar', ['-czf', join(out, `${name}.tar.gz`), '-C', work, name])
  const beside = [...GENERATED.map((file) => join(root, file)), join(folder, 'sbom.cdx.json')]
  const files = [join(out, `${name}.tar.gz`), ...beside.map((file) => copyInto(out, file))]
  writeFileSync(join(out, 'SHA256SUMS'), files.map((file) => `${hashFile(file)}  ${file.slice(out.length + 1)}\n`).join(''))
  console.log(`release: ${files.length + 1} files in ${out}`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** Files that git knows, so that nothing comes along that only lies here; all of them in a copy without git. Tests stay behind. */
function listFiles(): string[] {
  const files = existsSync(join(root, '.git'))
    ? execFileSync('git', ['ls-files', '-z', '--', ...CONTENTS], { cwd: root, encoding: 'utf8' }).split('\0')
    : CONTENTS.flatMap((place) => [place, ...globSync(`${place}/**/*`, { cwd: root })]).filter((place) =>
        statSync(join(root, place)).isFile(),
      )
  return [...new Set([...files.filter((file) => file !== '' && !file.endsWith('.test.ts')), ...GENERATED])]
}

function copy(file: string, folder: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  cpSync(join(root, file), join(folder, file))
}

function copyInto(folder: string, file: string): string {
  const target = join(folder, file.slice(dirname(file).length + 1))
  cpSync(file, target)
  return target
}

/** The page is built: nothing is left that needs a development dependency. */
function strip({ devDependencies: _, scripts, ...fields }: Manifest): Fields {
  const { start, fototeca } = scripts
  return { ...fields, scripts: { prestart: 'node scripts/build-networks.ts', start, fototeca } }
}

function stripLock(lock: Lock): Fields {
  const packages = Object.entries(lock.packages).filter(([, entry]) => entry.dev !== true)
  return { ...lock, packages: Object.fromEntries(packages.map(([path, entry]) => [path, path === '' ? withoutDev(entry) : entry])) }
}

function withoutDev({ devDependencies: _, ...entry }: Fields): Fields {
  return entry
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as T
}

function writeJson(file: string, value: Fields): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}

function hashFile(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
