/** @file Who did what from where: what concerns access, the machine, and what leaves it. Rows are never changed, and dropped after a year. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { AuditReport } from '../contract/accounts.ts'
import { authorName } from '../db/author-name.ts'
import type { Db } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'

export interface AuditEntry {
  /** as `toAuthor` says */
  readonly actor: string
  readonly action: string
  readonly target: Readonly<Record<string, unknown>>
  readonly status: number
  readonly address: string
}

export interface AuditQuery {
  /** what is to be in the name of the account, the action, or the address */
  readonly text: string | undefined
  /** older than this entry */
  readonly before: number | undefined
  readonly limit: number
}

export interface Audit {
  /** Writes in the background: an answer does not wait for it. */
  add(entry: AuditEntry): void
  /** the newest first */
  list(query: AuditQuery): Promise<z.infer<typeof AuditReport>[]>
  /** Settles when what was added is written. */
  settle(): Promise<void>
}

const KEPT_DAYS = 365
/** What is too old is dropped once in so many entries. */
const CLEAN_EVERY = 200

export function createAudit(db: Db, log: Log): Audit {
  let added = 0
  const writing = new Set<Promise<void>>()

  async function write({ target, ...entry }: AuditEntry): Promise<void> {
    await db
      .insertInto('audit')
      .values({ ...entry, target: sql`${JSON.stringify(target)}::jsonb`, at: new Date() })
      .execute()
    if (added++ % CLEAN_EVERY === 0) await sql`delete from audit where at < now() - make_interval(days => ${KEPT_DAYS})`.execute(db)
  }

  return {
    add(entry) {
      const one = write(entry)
        .catch((error: unknown) => log.error({ err: describeError(error), action: entry.action }, 'the audit log could not be written'))
        .finally(() => writing.delete(one))
      writing.add(one)
    },
    async list({ text, before, limit }) {
      await this.settle()
      const like = text === undefined ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`
      const { rows } = await sql<{
        id: number
        at: Date
        by: string
        action: string
        target: Record<string, unknown>
        status: number
        address: string
      }>`
        select audit.id, at, ${authorName('audit.actor')} as by, action, target, status, address
        from audit
        where ${before === undefined ? sql`true` : sql`audit.id < ${before}`}
          and ${like === null ? sql`true` : sql`(${authorName('audit.actor')} ilike ${like} or action ilike ${like} or address ilike ${like})`}
        order by audit.id desc limit ${limit}`.execute(db)
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
    },
    async settle() {
      await Promise.all(writing)
    },
  }
}
