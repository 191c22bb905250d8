/** @file The table of the described systems names files that are there, and says of nothing that it works without a test. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const COLUMNS = 5

const rows = readFileSync(join(root, 'docs/described-systems.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('|---') && !line.startsWith('| requirement'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
const filesIn = (cell = '') => [...cell.matchAll(/`([\w./-]+)`/g)].map(([, file = '']) => file)

it('names files that are there', () => {
  const named = rows.flatMap(([, , where, test]) => [...filesIn(where), ...filesIn(test)])
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

it('has a place and a test for what it says works, and neither for what is missing', () => {
  const wrong = rows.filter((row) => {
    const [, state = '', where, test] = row
    if (row.length !== COLUMNS) return true
    if (state === 'no') return where !== '' || test !== ''
    const tests = filesIn(test)
    return !/^(yes|part)$/.test(state) || filesIn(where).length === 0 || tests.length === 0 || !tests.every(isTest)
  })
  expect(wrong.map(([requirement]) => requirement)).toEqual([])
})

/** A file of tests, or one that such a file runs. */
const isTest = (file: string) => /\.test\.tsx?$/.test(file) || /^\s+it\(/m.test(readFileSync(join(root, file), 'utf8'))
