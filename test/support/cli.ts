/** @file The command line against a server of the test: what it printed, how it ended, what it would have served. */
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { type CliDeps, runCli } from '../../src/cli/run-cli.ts'
import { loadConfig } from '../../src/config/load.ts'
import { fetchInProcess } from '../../src/http/in-process.ts'

interface CliOptions {
  readonly env?: Record<string, string>
  /** by which the server knows its command line */
  readonly secret?: string
  readonly deps?: Partial<CliDeps>
}

export async function runTestCli(app: FastifyInstance, dataDir: string, argv: string[], { env, secret, deps }: CliOptions = {}) {
  const out = collect()
  const err = collect()
  const served: unknown[] = []
  const code = await runCli(argv, {
    loadConfig: (overrides) =>
      loadConfig({ FOTOTECA_DATA: dataDir, FOTOTECA_MODEL_DOWNLOAD: 'never', FOTOTECA_MEANING: 'off', ...env }, overrides),
    openInProcess: async () => ({
      fetch: fetchInProcess(app),
      ...(secret === undefined ? {} : { secret }),
      [Symbol.asyncDispose]: async () => {},
    }),
    serve: async (config, how) => {
      served.push([config.port, how])
    },
    stdout: out.stream,
    stderr: err.stream,
    isTty: false,
    ...deps,
  })
  return { code, out: out.text(), err: err.text(), served, dataDir }
}

function collect(): { stream: Writable; text: () => string } {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { stream, text: () => text }
}
