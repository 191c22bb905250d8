/** @file fototeca validate on a small folder of real pictures, with the whole analysis. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { runCli } from '../../../src/cli/run-cli.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { fetchInProcess } from '../../../src/http/in-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fototeca-labelled-'))
  const pictures = join(import.meta.dirname, '../../pictures')
  await copyFile(join(pictures, 'photos/cat.jpg'), join(folder, 'a.jpg'))
  await copyFile(join(pictures, 'photos/boats.jpg'), join(folder, 'b.jpg'))
  await copyFile(join(pictures, 'drawn/page-notice.jpg'), join(folder, 'text.jpg'))
  await copyFile(join(pictures, 'photos/astronaut.jpg'), join(folder, 'eileen.jpg'))
  await sharp(join(pictures, 'photos/astronaut.jpg'))
    .flop()
    .modulate({ brightness: 1.1 })
    .jpeg({ quality: 80 })
    .toFile(join(folder, 'eileen-mirrored.jpg'))
  await sharp(join(pictures, 'photos/cat.jpg')).resize({ width: 500 }).jpeg({ quality: 70 }).toFile(join(folder, 'a-small.jpg'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(argv: string[]) {
  let [out, err] = ['', '']
  const collect = (add: (text: string) => void) =>
    new Writable({
      write(chunk, _encoding, done) {
        add(String(chunk))
        done()
      },
    })
  const dataDir = join(folder, 'never-made')
  const code = await runCli(argv, {
    loadConfig: (overrides) => loadConfig({ FOTOTECA_DATA: dataDir, FOTOTECA_MEANING: 'off', DEVICE: 'cpu' }, overrides),
    openInProcess: async (config) => {
      const app = await createApp(config, { log: silentLog, webDir: join(folder, 'no-page') })
      await app.start()
      return { fetch: fetchInProcess(app.http), [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() }
    },
    serve: async () => {},
    stdout: collect((text) => (out += text)),
    stderr: collect((text) => (err += text)),
    isTty: false,
  })
  return { code, out, err }
}

it('passes where the labels are right, and fails, naming what is wrong, where they are not', async () => {
  const labels = (word: string) =>
    'file,tags,words,people,duplicates,queries\na.jpg,cat,-,,one,cat\na-small.jpg,,,,one,\nb.jpg,,,,two,\n' +
    `text.jpg,,${word}|Library,-,,harbour library\neileen.jpg,,,Eileen,,\neileen-mirrored.jpg,,,eileen,,\n`
  await writeFile(join(folder, 'labels.csv'), labels('Harbour'))
  const right = await run(['validate', '--json', folder])
  const report = JSON.parse(right.out)
  expect(report).toMatchObject({ passed: true, pictures: 6 })
  expect(report.checks.map(({ check, state }: { check: string; state: string }) => [check, state])).toEqual([
    ['objects', 'pass'],
    ['categories', 'not labelled'],
    ['ocr', 'pass'],
    ['faces', 'pass'],
    ['people together', 'pass'],
    ['people apart', 'not labelled'],
    ['pdq', 'pass'],
    ['search', 'pass'],
  ])
  expect(report.checks[6]).toMatchObject({ right: 3, of: 3 })
  expect(right.code).toBe(0)

  await writeFile(join(folder, 'labels.csv'), labels('Airport'))
  const wrong = await run(['validate', folder])
  expect(wrong.code).toBe(1)
  expect(wrong.out).toMatch(/^ocr {2,}2 of 3 {2,}66\.7 % {2,}≥ 90 % {2,}fail$/m)
  expect(wrong.out).toContain('ocr  text.jpg: Airport')
})

it('says what to give it where there is nothing, and ends with an error', async () => {
  const empty = await run(['validate', join(folder, 'nothing')])
  expect(empty).toMatchObject({ code: 1, out: '' })
  expect(empty.err).toContain('there is no ')
  expect(empty.err).toContain('Put the pictures and a labels.csv into one folder')
  expect((await run(['validate'])).code).toBe(2)
})
