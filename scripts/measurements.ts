/** @file What `npm run eval` and `npm run bench` have in common: the command line, what can be measured here, and what is said of the rest. */
import { resolve } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { describeNeeds, explainAbsence, joinWords, listMissing, NEEDS, type Need } from '../test/support/needs.ts'

export interface Measurement<Result> {
  readonly about: string
  readonly needs: readonly Need[]
  readonly load: () => Promise<{ run: () => Promise<Result> }>
}
export type Measurements<Result> = Readonly<Record<string, Measurement<Result>>>

export interface Command {
  /** `npm run eval` */
  readonly call: string
  /** `evaluation` */
  readonly kind: string
  readonly about: string
  /** by their name without dashes, with what each does */
  readonly flags?: Readonly<Record<string, string>>
}

/** Drawn text wants fonts, and a bare machine has none of its own: those of npm, as in the tests. Read when the first text is drawn. */
process.env.FONTCONFIG_FILE ??= resolve(import.meta.dirname, '../test/support/fonts.conf')

/** @returns the names asked for (none: all) and the flags that were given; where it ends here, what to say and the exit code */
export function readCommand(
  command: Command,
  table: Measurements<unknown>,
  argv: readonly string[],
): { names: string[]; flags: Set<string> } | { say: string; code: number } {
  const options: ParseArgsConfig['options'] = { help: { type: 'boolean', short: 'h' } }
  for (const flag of Object.keys(command.flags ?? {})) options[flag] = { type: 'boolean' }
  let given: { values: Record<string, unknown>; positionals: string[] }
  try {
    given = parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    return { say: `${(error as Error).message.replace(/\.? To specify.*/s, '')}\n\n${writeHelp(command, table)}`, code: 2 }
  }
  const { values, positionals: names } = given
  if (values.help) return { say: writeHelp(command, table), code: 0 }
  const unknown = names.filter((name) => !Object.hasOwn(table, name))
  if (unknown.length > 0)
    return { say: `no ${command.kind} called ${unknown.join(', ')}; there are: ${Object.keys(table).join(', ')}`, code: 2 }
  const missing = names.flatMap((name) => explainMissing(name, table[name]?.needs ?? []) ?? [])
  if (missing.length > 0) return { say: missing.join('\n'), code: 2 }
  return { names, flags: new Set(Object.keys(values)) }
}

function explainMissing(name: string, needs: readonly Need[]): string | null {
  const missing = listMissing(needs)
  return missing.length > 0 ? `${name} ${describeNeeds(missing)}.` : null
}

function writeHelp({ call, kind, about, flags = {} }: Command, table: Measurements<unknown>): string {
  const width = Math.max(...Object.keys(table).map((name) => name.length)) + 2
  const rows = Object.entries(table).map(([name, { about: what, needs }]) => {
    const needed = needs.map((need) => NEEDS[need].what).join(', ')
    return `  ${name.padEnd(width)}${what}${needed ? ` (needs ${needed})` : ''}`
  })
  const own = Object.entries({ ...flags, help: 'say this' }).map(([flag, what]) => `  --${flag.padEnd(width - 2)}${what}`)
  const used = [...new Set(Object.values(table).flatMap(({ needs }) => needs))]
  return [
    `${call} [-- name … ${Object.keys(flags)
      .map((flag) => `--${flag} `)
      .join('')}--help]`,
    about,
    `\nEach ${kind}; without a name all are run, and those that lack what they need are left out:`,
    ...rows,
    '\nOptions:',
    ...own,
    '\nWhat does not come with the project:',
    ...used.map((need) => `  ${NEEDS[need].what}: ${NEEDS[need].how}`),
  ].join('\n')
}

export interface Measured {
  readonly done: readonly string[]
  /** what is to be said of those that could not be measured, by name and with the reason; empty where all were */
  readonly left: string
  /** 2 where nothing was measured, or something that was asked for by name could not be */
  readonly code: 0 | 2
}

/**
 * Runs those asked for, or all; what lacks something is left out.
 * @param report called with each result
 */
export async function measureAll<Result>(
  table: Measurements<Result>,
  names: readonly string[],
  report: (name: string, result: Result, seconds: number) => void,
): Promise<Measured> {
  const done: string[] = []
  const missing: { name: string; needs: Need[] }[] = []
  const absent: string[] = []
  for (const [name, { needs, load }] of Object.entries(table).filter(([name]) => names.length === 0 || names.includes(name))) {
    const lacks = listMissing(needs)
    if (lacks.length > 0) {
      missing.push({ name, needs: lacks })
      continue
    }
    const startedAt = performance.now()
    try {
      const { run } = await load()
      report(name, await run(), (performance.now() - startedAt) / 1000)
      done.push(name)
    } catch (error) {
      const why = explainAbsence(error)
      if (why === null) throw error
      absent.push(`Left out: ${name}, because ${why}.`)
    }
  }
  const byNeeds = Map.groupBy(missing, ({ needs }) => joinWords(needs.map((need) => NEEDS[need].what)))
  const groups = [...byNeeds].map(([what, rows]) => `Left out, because they need ${what}: ${rows.map(({ name }) => name).join(', ')}.`)
  const hints = [...new Set(missing.flatMap(({ needs }) => needs))].map((need) => `  ${NEEDS[need].what}: ${NEEDS[need].how}`)
  const left = [...groups, ...hints, ...absent].join('\n')
  return { done, left, code: done.length === 0 || (names.length > 0 && left !== '') ? 2 : 0 }
}
