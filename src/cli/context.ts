/** @file What every command gets: where to print, how to reach the library. */
import type { Writable } from 'node:stream'
import type { Config } from '../config/schema.ts'
import { escapeControlsInJson, escapeControlsInLines } from '../domain/escape-controls.ts'
import type { Api } from './api.ts'
import { type InProcess, openApi } from './open-api.ts'

/** Given by `main.ts`, which alone composes. */
export interface CliDeps {
  /** @throws FototecaError `config` */
  loadConfig(overrides: Partial<Config>): Config
  /** The library in this process, its analysis included; disposing it ends both. */
  openInProcess(config: Config): Promise<InProcess>
  /** Serves until the process is told to stop. */
  serve(
    config: Config,
    options: { readonly folders: readonly string[]; readonly followLinks: readonly string[] | undefined; readonly json: boolean },
  ): Promise<void>
  readonly stdout: Writable
  readonly stderr: Writable
  /** whether a person watches `stderr`, where progress goes */
  readonly isTty: boolean
}

export interface CliContext {
  readonly deps: CliDeps
  /** by the environment and the options every command has */
  config(): Config
  /** Opens the library, runs, and closes it again. */
  withApi<T>(run: (api: Api, url: string | null) => Promise<T>): Promise<T>
  /** For people, or the value itself as one JSON document. */
  print(value: unknown, text: () => string): void
  readonly isJson: () => boolean
}

/** Thrown by a command that did its work and has failures to report. */
export class Failed extends Error {}

export function createContext(
  deps: CliDeps,
  options: { readonly json: () => boolean; readonly overrides: () => Partial<Config> },
): CliContext {
  const config = () => deps.loadConfig(options.overrides())
  return {
    deps,
    config,
    isJson: options.json,
    async withApi(run) {
      await using open = await openApi(config(), deps.openInProcess)
      return await run(open.api, open.url)
    },
    print(value, text) {
      deps.stdout.write(`${options.json() ? escapeControlsInJson(JSON.stringify(value)) : escapeControlsInLines(text())}\n`)
    },
  }
}
