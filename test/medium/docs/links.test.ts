/** @file What the documents name is there: links, paths, scripts, commands, settings, decisions. */
import { existsSync, globSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { createProgram, listCommands } from '../../../src/cli/program.ts'
import type { CliDeps } from '../../../src/cli/run-cli.ts'
import { SETTINGS, type Setting } from '../../../src/config/schema.ts'

const root = resolve(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const files = globSync(['*.md', '{bench,docs,eval,src,test,web}/**/*.md'], { cwd: root })
/** Not of the project: what is installed, built, or written by a run. A copy need not be a repository, so git is not asked. */
const NOT_OURS = new Set(['node_modules', '.git', '.cache', 'test-results', 'data', 'release'])
const tracked = readdirSync(root)
  .filter((name) => !NOT_OURS.has(name))
  .flatMap((name) => [name, ...globSync([`${name}/**/*`, `${name}/**/.*`], { cwd: root, exclude: (inside) => inside === 'dist' })])
  .filter((name) => lstatSync(join(root, name)).isFile())
const areas = new Set(tracked.map((name) => name.split('/')[0]))

/** Each match in the documents, as `file: text`, for which `isThere` says no; it is given the first group. */
const missing = (pattern: RegExp, isThere: (found: string, file: string) => boolean, where = files) =>
  where.flatMap((file) =>
    [...read(file).matchAll(pattern)]
      .filter(([, found = '']) => !isThere(found, file))
      .map(([text]) => `${file}: ${text.trim().replace(/\s+/g, ' ')}`),
  )

it('every link to a file of the project leads there', () => {
  expect(files).toContain('README.md')
  expect(missing(/\]\((?!\w+:)([^)#\s]+)/g, (target, file) => existsSync(join(root, dirname(file), target)))).toEqual([])
})

it('every path of the project in backticks is there', () => {
  const made = read('.gitignore').split('\n')
  const isThere = (path: string, file: string) => {
    if (/[<>*{]/.test(path)) return true
    const wanted = path.replace(/\/$/, '')
    const isOurs = areas.has(wanted.split('/')[0] as string) || /\.(?:cjs|sh|tsx?)$/.test(wanted)
    return (
      !isOurs ||
      made.includes(`/${wanted}`) ||
      existsSync(join(root, dirname(file), wanted)) ||
      tracked.some((name) => `/${name}/`.includes(`/${wanted}/`))
    )
  }
  expect(missing(/`([\w@.*<>{}-]+(?:\/[\w@.*<>{}-]+)*\/?)`/g, isThere)).toEqual([])
})

it('every script, measurement, command, and setting is one', () => {
  const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts
  const { program } = createProgram({} as CliDeps)
  const commands = new Set(listCommands(program).flatMap((command) => [command.name(), command.parent?.name()]))
  const settings = new Set(Object.values<Setting>(SETTINGS).flatMap(({ env, aliases = [] }) => [env, ...aliases]))
  // those of tests and measurements are read where they are used
  const others = tracked
    .filter((name) => /^(?:bench|eval|scripts|test)\/.*\.(?:ts|sh)$/.test(name))
    .map(read)
    .join('\n')
  const isSetting = (name: string) => settings.has(name) || (/_(?:TEST|BENCH)_/.test(name) && others.includes(name))
  expect([
    ...missing(/npm run (?:-s )?([\w:]+)/g, (name) => name in scripts),
    ...missing(/npm run ((?:bench|eval) -- [a-z][\w-]*)/g, (call) => existsSync(join(root, `${call.replace(' -- ', '/')}.ts`))),
    // in backticks or as a line of code: elsewhere it is the name of the program in a sentence
    ...missing(/(?:`|^ *npx |^(?:\w+=\S+ )+)fototeca ([a-z]+)(?=\W)/gm, (name) => commands.has(name)),
    ...missing(/^fototeca ([a-z]+)(?= (?:[/<&#]|--))/gm, (name) => commands.has(name)),
    ...missing(/\b(FOTOTECA_[A-Z0-9_]*[A-Z0-9])\b/g, isSetting),
  ]).toEqual([])
})

const decisions = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d/.test(name))

it('the list of decisions names each of them by its title', () => {
  const list = read('docs/adr/README.md')
  const unlisted = decisions.filter((name) => !list.includes(`- [${/^# (.*)/.exec(read(`docs/adr/${name}`))?.[1]}](${name})`))
  expect(decisions.length).toBeGreaterThan(0)
  expect(unlisted).toEqual([])
})

it('every decision that code or a document cites by its number is there', () => {
  const numbers = new Set(decisions.map((name) => Number(name.slice(0, 4))))
  const sources = tracked.filter((name) => /\.(?:cjs|md|tsx?)$/.test(name))
  expect(missing(/\bADR (\d+)/g, (number) => numbers.has(Number(number)), sources)).toEqual([])
})
