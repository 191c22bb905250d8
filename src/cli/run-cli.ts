/** @file Runs one command line. Exit codes: 0 done, 1 failed, 2 used wrongly. */
import { CommanderError } from 'commander'
import { describeError, FototecaError } from '../domain/errors.ts'
import { escapeControlsInJson, escapeControlsInLines } from '../domain/escape-controls.ts'
import { ApiError } from './api.ts'
import { type CliDeps, Failed } from './context.ts'
import { createProgram } from './program.ts'

export type { CliDeps } from './context.ts'

/** @param argv the arguments after the program’s name */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<0 | 1 | 2> {
  const { program, context } = createProgram(deps)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // help and version end by an “error” too
    if (error instanceof Failed) return 1
    const code = error instanceof ApiError || error instanceof FototecaError ? error.code : 'internal'
    const detail = describeError(error)
    deps.stderr.write(
      `${context.isJson() ? escapeControlsInJson(JSON.stringify({ detail, code })) : escapeControlsInLines(`fototeca: ${detail}`)}\n`,
    )
    return isWrongUse(error) ? 2 : 1
  }
}

function isWrongUse(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 400 || error.status === 422
  return error instanceof FototecaError && error.code === 'config'
}
