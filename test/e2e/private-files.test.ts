/** @file What the running program writes is its owner’s alone; characters in names that act, act nowhere: not in a terminal, a log, or the page. */
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SearchAnswer } from '../../src/contract/search.ts'
import { findChromium } from '../support/chromium.ts'
import { openPages, SLOW_MS, untilAnalysed } from '../support/page.ts'
import { type Program, spawnProgram, startProgram, upload } from '../support/program.ts'
import { testFolder } from '../support/test-folder.ts'

const ACTING = 'a\u202egpj\u001b[31m\n\u009b1m.jpg'
const SHOWN = 'a\\u{202e}gpj\\u{1b}[31m\\n\\u{9b}1m.jpg'
const FOLDER = 'trip\u202e\u001b]0;x\u0007'

/** the data folder as the program made it on its first start (test/e2e/prepare.ts) */
const made = process.env.FOTOTECA_TEST_TEMPLATE ?? expect.fail('no data folder was prepared')
let folder: string
/** a copy, with the modes of all that is in it */
let dataDir: string
let program: Program

const picture = (red: number) =>
  sharp({ create: { width: 300, height: 200, channels: 3, background: { r: red, g: 90, b: 90 } } })
    .jpeg()
    .toBuffer()

beforeAll(async () => {
  folder = await mkdtemp(join(testFolder(), 'fototeca-test-'))
  dataDir = await mkdtemp(join(testFolder(), 'fototeca-e2e-'))
  await cp(made, dataDir, { recursive: true })
  await mkdir(join(folder, FOLDER))
  await writeFile(join(folder, FOLDER, ACTING), await picture(10))
  await writeFile(join(folder, FOLDER, `damaged ${ACTING}`), (await picture(20)).subarray(0, 200))
  program = await startProgram({ args: [join(folder, FOLDER)], dataDir, env: { FOTOTECA_LOG_LEVEL: 'debug' } })
  await upload(program.url, 'uploaded.jpg', await picture(30))
  await untilAnalysed(program, 3)
}, SLOW_MS)
afterAll(async () => {
  await program?.[Symbol.asyncDispose]()
  for (const path of [folder, dataDir]) await rm(path, { recursive: true, force: true, maxRetries: 5 })
})

it('lets nobody else read or enter what it writes', async () => {
  for (const one of [made, dataDir]) expect(await listOpen(one)).toEqual([])
})

async function listOpen(dataDir: string): Promise<string[]> {
  const open: string[] = []
  let files = 0
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(() => undefined) // the database puts its own away meanwhile
    if (found?.isFile()) files += 1
    // the embedded database gives its files what mode it likes, in a folder that nobody else can enter
    const isInside = relative(dataDir, path).startsWith('pg/')
    if (found && !isInside && (found.mode & 0o077) !== 0) open.push(`${(found.mode & 0o777).toString(8)} ${relative(dataDir, path)}`)
  }
  expect(files).toBeGreaterThan(10)
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
  return open
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones looked for
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

it('escapes names in its output, which is its log, and on the command line', async () => {
  expect(program.output()).not.toMatch(ACTS)
  const cli = async (...args: string[]) => {
    const child = spawnProgram(args, dataDir)
    let out = ''
    for await (const chunk of child.stdout ?? []) out += chunk
    return out
  }
  const shown = await Promise.all(['1', '2', '3'].map((id) => cli('show', id)))
  for (const said of [...shown, await cli('search'), await cli('status')]) expect(said).not.toMatch(ACTS)
  expect(shown.join('')).toContain(SHOWN)
  const json = await cli('search', '--json')
  expect(json).not.toMatch(ACTS)
  expect((JSON.parse(json) as SearchAnswer).hits.map(({ photo }) => photo.filename)).toContain(ACTING)
})

it.skipIf(!findChromium())('escapes names on the page', async () => {
  await using pages = await openPages(program)
  const page = await pages.open('/')
  await page.getByLabel(SHOWN).first().waitFor()
  expect(await page.content()).not.toMatch(ACTS)
})
