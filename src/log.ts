/** @file Where the log goes: JSON lines on standard error, or into the data folder where a person watches the terminal. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { destination, type LoggerOptions, pino } from 'pino'
import type { Config } from './config/schema.ts'
import { escapeControlsInJson } from './domain/escape-controls.ts'
import type { Log } from './domain/log.ts'

export function createLog(config: Pick<Config, 'dataDir' | 'logLevel'>, hasWatcher: boolean): Log {
  const options: LoggerOptions = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: escapeControlsInJson }, // JSON escapes ESC and line ends by itself, but not what turns the direction of writing
  }
  if (!hasWatcher) return pino(options, lossy(destination({ fd: 2, sync: false })))
  mkdirSync(config.dataDir, { recursive: true })
  return pino(options, lossy(destination({ dest: join(config.dataDir, 'fototeca.log'), sync: false })))
}

/** A log that cannot be written (its disk is full) must not end the program: lines are lost until it can be again. */
function lossy(stream: ReturnType<typeof destination>): typeof stream {
  stream.on('error', () => {})
  return stream
}
