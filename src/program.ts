/**
 * @file The program: one command line, composed here and nowhere else. `main.ts` starts it. The library is loaded where a command opens it:
 * one that asks a running server, or help, has no use for its two thousand modules.
 */
import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { createProgressView, followProgress } from './cli/progress-view.ts'
import { type CliDeps, runCli } from './cli/run-cli.ts'
import { loadConfig } from './config/load.ts'
import type { Config } from './config/schema.ts'
import { openInProcess } from './open-in-process.ts'

// what the library writes is its owner’s alone: photos, and what is known of people in them
process.umask(0o077)

const webDir = join(import.meta.dirname, '../web/dist')
/** After this the process ends whatever still runs: everything that was answered is on disk. */
const STOP_MS = 9_000

async function serve(config: Config, { folders, followLinks, json }: Parameters<CliDeps['serve']>[1]): Promise<void> {
  const [{ startService }, { createLog }] = await Promise.all([import('./serve.ts'), import('./log.ts')])
  const isWatched = process.stderr.isTTY === true && !json
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(process, 'SIGHUP')])
  const given = config.photosDir === undefined ? folders : [...folders, config.photosDir]
  const service = await startService(config, { folders: given, followLinks, webDir, log: createLog(config, isWatched) })
  const view = createProgressView(process.stderr, isWatched)
  flushCompileCache() // the next start finds it even where this one is killed
  const following = new AbortController()
  try {
    const { url } = service
    const does = url === null ? 'fototeca works in the background' : `fototeca answers at ${url}`
    process.stdout.write(
      json ? `${JSON.stringify({ url, data: config.dataDir })}\n` : `${does} (data in ${config.dataDir}); Ctrl+C stops it\n`,
    )
    if (!json) {
      if (service.newLibrary !== null) process.stdout.write(`${service.newLibrary}\n`)
      void service.firstScan.then((problems) => {
        for (const problem of problems) view.say(problem)
      })
      void followProgress(service.progress, view, { signal: following.signal }).catch(() => {})
    }
    const failure = await Promise.race([stopped.then(() => null), service.failed])
    if (failure) throw failure
  } finally {
    following.abort()
    view.stop()
    setTimeout(() => process.exit(process.exitCode ?? 0), STOP_MS).unref()
    await service[Symbol.asyncDispose]()
  }
}

process.exitCode = await runCli(process.argv.slice(2), {
  loadConfig: (overrides) => loadConfig(undefined, overrides),
  openInProcess: (config) => openInProcess(config, webDir),
  serve,
  stdout: process.stdout,
  stderr: process.stderr,
  isTty: process.stderr.isTTY === true,
})
