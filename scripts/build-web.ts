/**
 * @file Builds the page into web/dist, but only when something it is made of has changed; otherwise says so and ends at once.
 * `npm start` runs it before the server, so a fresh clone needs no second command.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'web/dist')
/** beside the build, so that deleting the build deletes it too */
const stamp = join(dist, '.built-from')
/** the page is made of these; the lockfile stands for React, Vite and the rest */
const INPUTS = ['web', 'src/contract', 'src/domain', 'package-lock.json', 'tsconfig.base.json', 'scripts/build-web.ts']

const inputs = hashInputs()
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs && existsSync(join(dist, 'index.html'))) {
  console.log('page: up to date')
} else {
  const started = performance.now()
  // whoever builds it (a test run sets its own): what people get is the production build
  process.env.NODE_ENV = 'production'
  const { build } = await importVite()
  await build({ root: join(root, 'web'), configFile: join(root, 'web/vite.config.ts'), logLevel: 'warn' })
  compressFiles()
  writeFileSync(stamp, inputs)
  console.log(`page: built in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

/** npm leaves out what only the build needs where NODE_ENV is production, or when told so. */
async function importVite(): Promise<typeof import('vite')> {
  try {
    return await import('vite')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    console.error(
      'The page cannot be built: development dependencies are not installed (npm leaves them out where NODE_ENV=production is set). ' +
        'Run `npm ci --include=dev`, or use a release, which brings the built page.',
    )
    process.exit(1)
  }
}

/** Each text file gets its smallest form beside it, once, so that serving it costs nothing. */
function compressFiles(): void {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:js|css|svg|html|json)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = readFileSync(path)
    writeFileSync(`${path}.br`, brotliCompressSync(bytes))
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

/** One hash over names and contents of every input file. */
function hashInputs(): string {
  const hash = createHash('sha256').update(process.version.split('.')[0] ?? '')
  for (const file of INPUTS.flatMap((input) => listFiles(join(root, input))).sort())
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return []
  if (path === dist || path.endsWith('node_modules')) return []
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? listFiles(join(path, entry.name))
        : entry.isFile() && !/\.test\.tsx?$/.test(entry.name)
          ? [join(path, entry.name)]
          : [],
    )
  } catch {
    return [path]
  }
}
