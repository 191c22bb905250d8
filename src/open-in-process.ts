/** @file The library in this process, for one command. What it needs is loaded when it is. */
import type { Config } from './config/schema.ts'

/** A command that runs in-process has nobody who asked for a server’s log, nor for a download that outlives it (`models pull` asks for one). */
const forOneCommand = (config: Config): Config => ({
  ...config,
  logLevel: 'error',
  modelDownload: config.modelDownload === 'never' ? 'never' : 'ask',
})

export async function openInProcess(config: Config, webDir: string) {
  const [{ createApp }, { fetchInProcess }, { createLog }] = await Promise.all([
    import('./app.ts'),
    import('./http/in-process.ts'),
    import('./log.ts'),
  ])
  const quiet = forOneCommand(config)
  const app = await createApp(quiet, { webDir, log: createLog(quiet, false) })
  await app.start()
  return { fetch: fetchInProcess(app.http), secret: app.localSecret, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() }
}
