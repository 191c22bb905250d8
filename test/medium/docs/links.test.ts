/** @file Links between the documents lead somewhere, and the list of decisions is whole. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

it('every link to a file of the project leads there', () => {
  const files = globSync(['*.md', '{bench,docs,eval,src,test,web}/**/*.md'], { cwd: root })
  const broken = files.flatMap((file) =>
    [...read(file).matchAll(/\]\((?!\w+:)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(root, dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  )
  expect(files).toContain('README.md')
  expect(broken).toEqual([])
})

it('the list of decisions names each of them by its title', () => {
  const folder = join(root, 'docs/adr')
  const list = read('docs/adr/README.md')
  const records = readdirSync(folder).filter((name) => /^\d/.test(name))
  const missing = records.filter((name) => !list.includes(`- [${/^# (.*)/.exec(read(`docs/adr/${name}`))?.[1]}](${name})`))
  expect(records.length).toBeGreaterThan(0)
  expect(missing).toEqual([])
})
