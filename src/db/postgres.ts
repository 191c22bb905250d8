/** @file A Postgres server as the database: pool, the same JavaScript types as PGlite gives, and clear words when it does not suit. */
import type { PostgresDialect } from 'kysely'
import pg from 'pg'
import { FototecaError } from '../domain/errors.ts'
import { FencedPostgresDialect } from './fenced-postgres.ts'

const { Pool, types } = pg
const { builtins } = types

const OLDEST_SERVER = 160_000
const OLDEST_PGVECTOR = [0, 8] as const

const text = (value: string): string => value
/** Where `pg` differs from what `tables.ts` promises. */
const PARSERS: ReadonlyMap<number, (value: string) => unknown> = new Map<number, (value: string) => unknown>([
  [builtins.INT8, Number], // sizes and counts stay far below 2^53
  [builtins.DATE, text],
  [builtins.TIMESTAMP, text],
  [builtins.INTERVAL, text],
  [builtins.BYTEA, (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex'))],
])

/** @throws FototecaError `config` (wrong URL, user, database, version, no pgvector) or `unavailable` (nobody answers); never shows the password */
export async function openPostgres(databaseUrl: string): Promise<PostgresDialect> {
  const shown = describeUrl(databaseUrl)
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'fototeca',
    // statements over a large library take 0.1–1 s: compiling them (`jit`) costs 10–60 ms each time and saves less
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex -c jit=off',
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => PARSERS.get(oid) ?? types.getTypeParser(oid, format as 'text') },
  })
  // an idle connection that the server closes is replaced at the next query; without a listener it would end the process
  pool.on('error', () => {})
  // nor may one that is lost while it is in use: its query fails, and says so
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await checkServer(pool, shown)
  } catch (error) {
    await pool.end()
    throw explainFailure(error, shown)
  }
  return new FencedPostgresDialect({ pool })
}

function describeUrl(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw new TypeError('protocol')
    return `${url.username ? `${decodeURIComponent(url.username)}@` : ''}${url.host || 'localhost'}${url.pathname}`
  } catch (error) {
    throw new FototecaError('config', 'DATABASE_URL is not a postgres:// URL; write it as postgres://user:password@host:5432/database', {
      cause: error instanceof TypeError ? undefined : error,
    })
  }
}

async function checkServer(pool: pg.Pool, shown: string): Promise<void> {
  const answer = await pool.query<{ version: number; name: string; installed: string | null; available: string | null }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
       (select extversion from pg_extension where extname = 'vector') as installed,
       (select default_version from pg_available_extensions where name = 'vector') as available`,
  )
  const server = answer.rows[0]
  if (!server) throw new Error('the server answered nothing')
  if (server.version < OLDEST_SERVER)
    throw new FototecaError('config', `the server at ${shown} is PostgreSQL ${server.name}; fototeca needs 16 or newer`)
  const version = server.installed ?? server.available
  if (version === null) {
    const major = Math.floor(server.version / 10_000)
    throw new FototecaError(
      'config',
      `the server at ${shown} has no pgvector; install the package postgresql-${major}-pgvector there (or use an image with pgvector), then start again`,
    )
  }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST_PGVECTOR[0] || (major === OLDEST_PGVECTOR[0] && minor < OLDEST_PGVECTOR[1])) {
    const how = server.installed === null ? 'install a newer package' : 'install a newer package and run “alter extension vector update”'
    throw new FototecaError('config', `pgvector at ${shown} is ${version}; fototeca needs 0.8 or newer: ${how}`)
  }
}

function explainFailure(error: unknown, shown: string): unknown {
  if (error instanceof FototecaError) return error
  const { code, message } = error as { code?: string; message?: string }
  // the driver’s own error may hold the URL, so it is not kept as cause
  switch (code) {
    case '28P01':
    case '28000':
      return new FototecaError('config', `the server refused the user or password of DATABASE_URL (${shown}); correct it and start again`)
    case '3D000':
      return new FototecaError('config', `there is no such database at ${shown}; create it (createdb) or correct DATABASE_URL`)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new FototecaError(
        'unavailable',
        `the host of DATABASE_URL is not known (${shown}); correct its name or the network, then start again`,
      )
    case 'ECONNREFUSED':
      return new FototecaError('unavailable', `no PostgreSQL answers at ${shown}; start it, or correct host and port in DATABASE_URL`)
    default:
      return new FototecaError(
        'unavailable',
        `cannot use PostgreSQL at ${shown}: ${message ?? code ?? 'no answer'}; check DATABASE_URL and the server’s log`,
      )
  }
}
