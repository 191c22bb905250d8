/** @file fototeca validate: the described checks on labelled pictures, in a library of their own that is deleted afterwards. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { FototecaError } from '../../domain/errors.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatTable } from '../format.ts'
import type { Check } from '../validate/checks.ts'
import { LABELS_FILE, LABELS_HELP } from '../validate/labels.ts'
import { validateFolder } from '../validate/validate-folder.ts'

export function addValidate(program: Command, context: CliContext): void {
  program
    .command('validate')
    .description('check what is found in labelled pictures: objects, categories, text, faces, people, duplicates, search')
    .argument('[folder]', `folder with pictures and ${LABELS_FILE}`)
    .addHelpText('after', `\n${LABELS_HELP}\n\nExamples:\n  fototeca validate ~/labelled\n  fototeca validate --json ~/labelled`)
    .action(async (given: string | undefined) => {
      if (given === undefined) throw new FototecaError('config', `name a folder. ${LABELS_HELP}`)
      const folder = resolve(given)
      const { pictures, checks } = await validateFolder(context.deps, context.config(), folder)
      const isPassed = checks.every(({ state }) => state !== 'fail')
      context.print({ folder, pictures, passed: isPassed, checks }, () => renderChecks(checks, isPassed))
      if (!isPassed) throw new Failed()
    })
}

function renderChecks(checks: readonly Check[], isPassed: boolean): string {
  const percent = (value: number | null) => (value === null ? '–' : `${Math.round(value * 1000) / 10} %`)
  const rows = checks.map(({ check, value, threshold, right, of, state }) => [
    check,
    `${right} of ${of}`,
    percent(value),
    `≥ ${percent(threshold)}`,
    state,
  ])
  const misses = checks.flatMap(({ check, state, misses }) => (state === 'fail' ? misses.map((miss) => `  ${check}  ${miss}`) : []))
  return [formatTable([['check', 'right', 'value', 'threshold', 'result'], ...rows]), ...misses, isPassed ? 'passed' : 'failed'].join('\n')
}
