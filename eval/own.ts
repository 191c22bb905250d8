/** @file One's own labelled pictures, as `fototeca validate` takes them: the same library, checks, and labels. */
import { join, resolve } from 'node:path'
import { validateFolder } from '../src/cli/validate/validate-folder.ts'
import { loadConfig } from '../src/config/load.ts'
import { openInProcess } from '../src/open-in-process.ts'
import type { Evaluation } from './metric.ts'

const WEB_DIR = join(import.meta.dirname, '../web/dist')

/** @throws FototecaError with what to give it */
export async function evaluateOwn(given: string): Promise<Evaluation> {
  const folder = resolve(given)
  const deps = {
    openInProcess: (config: Parameters<typeof openInProcess>[0]) => openInProcess(config, WEB_DIR),
    stderr: process.stderr,
    isTty: process.stderr.isTTY === true,
  }
  const { pictures, checks } = await validateFolder(deps, loadConfig(undefined, {}), folder)
  return {
    name: `${folder} (${pictures} pictures)`,
    metrics: Object.fromEntries(checks.flatMap(({ check, value }) => (value === null ? [] : [[check, value] as const]))),
    notes: checks.flatMap(({ check, right, of, misses }) =>
      of === 0 ? [`${check}: not labelled`] : [`${check}: ${right} of ${of}`, ...misses.map((miss) => `${check}: ${miss}`)],
    ),
  }
}
