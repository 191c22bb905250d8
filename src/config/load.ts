/** @file Reads the environment, once, into a checked `Config`. Nothing else in the project reads `process.env`. */
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { FototecaError } from '../domain/errors.ts'
import { describeAllowed } from './list-settings.ts'
import { type Config, SETTINGS, type Setting, type SettingName } from './schema.ts'

/**
 * Checks the environment against the settings.
 * @param overrides values from the command line; they win over the environment
 * @throws FototecaError `config` naming every wrong setting, what was given and what is allowed
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env, overrides: Partial<Config> = {}): Config {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    const source = [setting.env, ...(setting.aliases ?? [])].find((key) => env[key] !== undefined && env[key] !== '')
    let given = overrides[name] ?? (source === undefined ? undefined : env[source])
    if (given === undefined && setting.secret) {
      const file = env[`${setting.env}_FILE`]
      const secret = file ? readSecretFile(file) : undefined
      if (secret instanceof Error) problems.push(`${setting.env}_FILE: ${secret.message}`)
      else given = secret
    }
    const parsed = setting.schema.safeParse(given)
    if (parsed.success) values[name] = parsed.data
    else {
      const shown = setting.secret || String(given).includes('@') ? '(hidden)' : JSON.stringify(given)
      const said = parsed.error.issues.map((issue) => issue.message).join('; ')
      const allows = describeAllowed(setting.schema)
      problems.push(
        `${source ?? setting.env}: got ${shown}; ${allows === 'text' || allows === 'a URL' ? said : `allowed: ${allows}`} (${setting.help})`,
      )
    }
  }
  if (problems.length > 0) throw new FototecaError('config', `wrong setting\n  ${problems.join('\n  ')}`)
  const config = values as Config
  if (config.databaseUrl === undefined && (config.roles !== 'all' || config.databaseDirectUrl !== undefined))
    throw new FototecaError(
      'config',
      `${config.roles === 'all' ? 'DATABASE_DIRECT_URL is' : `FOTOTECA_ROLES is “${config.roles}”, which is`} ` +
        'for several processes on one PostgreSQL, but DATABASE_URL is not set, ' +
        'and only one process can open the embedded database. Set DATABASE_URL, or remove the setting',
    )
  const dataDir = resolve(config.dataDir)
  return {
    ...config,
    dataDir,
    modelDir: resolve(config.modelDir ?? resolve(dataDir, 'models')),
    photosDir: config.photosDir === undefined ? undefined : resolve(config.photosDir),
  }
}

/** A key takes a line; a larger file is another file, and is not read. */
const MAX_SECRET_BYTES = 16_384

/** @returns the content without the line end, or why it cannot be had: never a part of it */
function readSecretFile(path: string): string | Error {
  try {
    if (statSync(path).size > MAX_SECRET_BYTES)
      return new Error(`${path} is larger than ${MAX_SECRET_BYTES} bytes; name the file that holds the secret alone`)
    const secret = readFileSync(path, 'utf8').trim()
    return secret === '' ? new Error(`${path} is empty`) : secret
  } catch (error) {
    return new Error(`cannot read ${path} (${(error as NodeJS.ErrnoException).code}); it must be a file this process may read`)
  }
}

/** What child processes inherit: proxies, library paths and the like, but none of our secrets. */
export function childEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): Record<string, string | undefined> {
  const secrets = new Set(
    Object.values<Setting>(SETTINGS).flatMap((setting) =>
      setting.secret ? [setting.env, `${setting.env}_FILE`, ...(setting.aliases ?? [])] : [],
    ),
  )
  return Object.fromEntries(Object.entries(env).filter(([key]) => !secrets.has(key)))
}
