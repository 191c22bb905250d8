/** @file What a logical copy of the database consists of: the same for the embedded database and a server, so that either can be made from it. */
import { z } from 'zod'

export const CopiedColumn = z.object({ name: z.string(), type: z.string() })

export const CopiedTable = z.object({
  name: z.string().regex(/^[a-z_][a-z0-9_]*$/),
  columns: z.array(CopiedColumn),
  rows: z.number().int(),
})
export type CopiedTable = z.infer<typeof CopiedTable>

/** The last number a table gave away: it is never given to another row, even where its own was deleted. */
export const CopiedSequence = z.object({ table: z.string(), column: z.string(), last: z.number().int().nullable() })
export type CopiedSequence = z.infer<typeof CopiedSequence>

/** A row: each value as PostgreSQL writes it as text, in the order of the columns. */
export type CopiedRow = readonly (string | null)[]

/** Not Kysely’s, which a restored database gets by its migrations, and not those of processes, which stay where they are. */
export const isOwnTable = (name: string): boolean => !name.startsWith('kysely_') && !['processes', 'task_leases', 'relayed'].includes(name)
