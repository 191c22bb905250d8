/** @file Column types that several tables share. */
import type { ColumnType } from 'kysely'
import type { Message } from '../../contract/messages/message.ts'

/** `bigint` columns arrive as numbers (both clients are told so); sizes stay far below 2^53. */
export type Int8 = number
export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** pgvector's text form, `[1,2,3]`; see `vector.ts`. */
export type VectorText = string
/** `{ code, params }` as jsonb (ADR 81) */
export type StoredMessage = ColumnType<Message, string, string>
export type StoredMessages = ColumnType<readonly Message[], string, string>
