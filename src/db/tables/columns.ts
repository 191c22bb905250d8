/** @file Column types that several tables share. */
import type { ColumnType } from 'kysely'

/** `bigint` columns arrive as numbers (both clients are told so); sizes stay far below 2^53. */
export type Int8 = number
export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** pgvector's text form, `[1,2,3]`; see `vector.ts`. */
export type VectorText = string
