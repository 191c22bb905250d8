/** @file `npm run eval` and `npm run bench` where nothing lies beside the project: they say what they need, and run what needs nothing. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Measurements, measureAll, readCommand } from '../../../scripts/measurements.ts'

const root = resolve(import.meta.dirname, '../../..')
const start = (args: string[], given: NodeJS.ProcessEnv = {}) => {
  const { FOTOTECA_DESCRIBE: _, FOTOTECA_BENCH_POSTGRES: __, ...rest } = process.env
  const env = { ...rest, FOTOTECA_TEST_DATA: '/nonexistent', FOTOTECA_TEST_MODELS: '/nonexistent', ...given }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })
  return { status, stdout, stderr }
}

describe('the programs', () => {
  it.each([
    ['eval/run.ts', 'pdq', ['../shared/data', 'FOTOTECA_TEST_DATA']],
    ['eval/run.ts', 'embedding', ['../shared/data', 'FOTOTECA_TEST_DATA', '../shared/models', 'FOTOTECA_TEST_MODELS']],
    ['bench/run.ts', 'search-postgres', ['../shared/data', '../shared/models', 'FOTOTECA_BENCH_POSTGRES']],
  ])('%s %s says in one line what it needs', (program, name, wanted) => {
    const { status, stdout, stderr } = start([program, name])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.trim().split('\n')).toHaveLength(1)
    for (const part of [name, ...wanted]) expect(stderr).toContain(part)
  })

  it('an evaluation of which nothing can run names all, and leaves no line in the history', () => {
    const history = () => readFileSync(resolve(root, 'eval/history.jsonl'), 'utf8').length
    const before = history()
    const { status, stderr } = start(['eval/run.ts'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/Left out, because they need the test pictures: pdq, near-duplicates, /)
    expect(stderr).toContain('set FOTOTECA_DESCRIBE')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(history()).toBe(before)
  })

  it('takes a folder of one’s own in the format of `fototeca validate`, and says what to put there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fototeca-own-'))
    try {
      const empty = start(['eval/run.ts', folder])
      expect(empty).toMatchObject({ status: 2, stdout: '' })
      expect(empty.stderr).toContain(`there is no ${join(folder, 'labels.csv')}. Put the pictures and a labels.csv into one folder`)
      expect(empty.stderr).not.toMatch(/^\s+at /m)
      await copyFile(join(root, 'test/pictures/photos/cat.jpg'), join(folder, 'a.jpg'))
      await writeFile(join(folder, 'labels.csv'), 'file,tags,words\na.jpg,cat|submarine,-\n')
      const { status, stdout, stderr } = start(['eval/run.ts', folder], { FOTOTECA_MEANING: 'off', DEVICE: 'cpu' })
      expect([status, stderr]).toEqual([0, expect.not.stringMatching(/^\s+at /m)])
      expect(stdout).toMatch(/objects +0\.500/)
      expect(stdout).toMatch(/ocr +1$/m)
      expect(stdout).toContain('objects: a.jpg: submarine')
      expect(stdout).not.toContain('baseline')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('pictures that are there in part are said to be, with the file that is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fototeca-part-'))
    try {
      const { status, stderr } = start(['eval/run.ts', 'pdq'], { FOTOTECA_TEST_DATA: folder })
      expect(status).toBe(2)
      expect(stderr.trim()).toMatch(/^Left out: pdq, because the test pictures in .* are not complete: .*expected-hashes\.csv'\.$/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it.each(['eval/run.ts', 'bench/run.ts'])('%s --help says what there is and what it needs', (program) => {
    const { status, stdout, stderr } = start([program, '--help'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('duplicates')
    expect(stdout).toContain('(needs the test pictures')
    expect(stdout).toContain('set FOTOTECA_TEST_MODELS')
  })
})

describe('what is asked for', () => {
  const command = { call: 'npm run try', kind: 'trial', about: 'Tries things.', flags: { save: 'keeps it' } }
  const load = async () => ({ run: async () => 1 })
  const table: Measurements<number> = {
    free: { about: 'nothing', needs: [], load },
    bound: { about: 'a server', needs: ['postgres'], load },
  }

  it('is run where it can be; what cannot is left out by its name, with the reason', async () => {
    delete process.env.FOTOTECA_BENCH_POSTGRES
    const reported: string[] = []
    const { done, left, code } = await measureAll(table, [], (name) => reported.push(name))
    expect({ done, reported, code }).toEqual({ done: ['free'], reported: ['free'], code: 0 })
    expect(left).toContain('because they need a PostgreSQL server with pgvector: bound.')
    expect(left).toContain('set FOTOTECA_BENCH_POSTGRES')
  })

  it('fails as a program does where the error has another cause', async () => {
    const failing = { failing: { about: '', needs: [], load: () => Promise.reject(new TypeError('a mistake')) } }
    await expect(measureAll(failing, [], () => {})).rejects.toThrow('a mistake')
  })

  it('by name is refused as a whole when part of it cannot be run, or is not known', () => {
    expect(readCommand(command, table, ['free', '--save'])).toEqual({ names: ['free'], flags: new Set(['save']) })
    expect(readCommand(command, table, ['free', 'bound'])).toMatchObject({
      code: 2,
      say: expect.stringMatching(/^bound needs a PostgreSQL/),
    })
    expect(readCommand(command, table, ['fee'])).toMatchObject({ code: 2, say: 'no trial called fee; there are: free, bound' })
    expect(readCommand(command, table, ['--sav'])).toMatchObject({ code: 2, say: expect.stringContaining('--sav') })
  })
})
