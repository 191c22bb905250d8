/** @file The release runs in an empty folder with the packages of its own lock alone: it serves the page and analyses a photo. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { photoPath } from '../support/pictures.ts'
import { startProgram, until } from '../support/program.ts'

const root = resolve(import.meta.dirname, '../..')
let work = ''
let release = ''
let home = ''

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'fototeca-release-test-'))
  release = join(work, 'release')
  execFileSync(process.execPath, [join(root, 'scripts/release.ts'), '--out', release])
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  execFileSync('tar', ['-xzf', join(release, `fototeca-${version}.tar.gz`), '-C', work])
  home = join(work, `fototeca-${version}`)
})

afterAll(() => rm(work, { recursive: true, force: true, maxRetries: 5 }))

it('has checksums that are right, the API, the help, and a list of packages without development dependencies', async () => {
  const sums = (await readFile(join(release, 'SHA256SUMS'), 'utf8')).trim().split('\n')
  expect(sums.map((line) => line.slice(66)).toSorted()).toEqual([
    'cli.md',
    expect.stringMatching(/^fototeca-.*\.tar\.gz$/),
    'openapi.json',
    'sbom.cdx.json',
  ])
  for (const line of sums) expect(line.slice(0, 64)).toBe(hash(await readFile(join(release, line.slice(66)))))
  expect(JSON.parse(await readFile(join(release, 'openapi.json'), 'utf8'))).toHaveProperty(['paths', '/api/photos'])
  expect(await readFile(join(release, 'cli.md'), 'utf8')).toContain('fototeca search')
  const sbom = JSON.parse(await readFile(join(release, 'sbom.cdx.json'), 'utf8')) as { components: { name: string }[] }
  const names = sbom.components.map(({ name }) => name)
  expect(names).toContain('fastify')
  for (const name of ['vite', 'tailwindcss', 'vitest', 'typescript']) expect(names).not.toContain(name)
})

it('is installed without a network by `npm ci`, which finds manifest and lock to agree', () => {
  expect(() => execFileSync('npm', ['ci', '--dry-run', '--offline', '--ignore-scripts'], { cwd: home, stdio: 'pipe' })).not.toThrow()
})

it('serves the page and analyses a photo with the packages of its lock alone', async () => {
  const { packages } = JSON.parse(await readFile(join(home, 'package-lock.json'), 'utf8')) as { packages: Record<string, object> }
  const places = Object.keys(packages).filter((place) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(place))
  expect(places).not.toContain('node_modules/vite')
  for (const place of places) {
    await mkdir(dirname(join(home, place)), { recursive: true })
    await symlink(join(root, place), join(home, place))
  }
  const pictures = join(work, 'pictures')
  await mkdir(pictures)
  await copyFile(photoPath('cat'), join(pictures, 'cat.jpg'))
  const dataDir = join(work, 'data')
  await using program = await startProgram({ root: home, dataDir, args: [pictures] })
  const page = await fetch(program.url, { headers: { accept: 'text/html' } })
  expect(page.status).toBe(200)
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1]
  expect(script).toBeDefined()
  for (const path of [script, '/docs', '/redoc/redoc.standalone.js', '/openapi.json'])
    expect((await fetch(`${program.url}${path}`)).status, path).toBe(200)
  await until<{ photos: { state: string }[] }>(`${program.url}/api/photos`, ({ photos }) => photos[0]?.state === 'completed')
})

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
