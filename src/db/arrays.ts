/** @file Arrays as one bound parameter: however long the list, the statement stays the same, and PGlite and PostgreSQL take the literal alike. */
import { type RawBuilder, sql } from 'kysely'

/** Ids and other whole numbers of 32 bits. */
export const toIntegers = (values: readonly number[] | Int32Array): RawBuilder<number[]> => sql`${`{${values.join(',')}}`}::integer[]`

export const toFloats = (values: readonly number[]): RawBuilder<number[]> => sql`${`{${values.join(',')}}`}::float8[]`

/** Names of the program’s own, without commas, quotes, or braces. */
export const toWords = (values: readonly (string | number)[]): RawBuilder<string[]> => sql`${`{${values.join(',')}}`}::text[]`
