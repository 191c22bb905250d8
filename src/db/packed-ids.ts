/**
 * @file Many ids as one value: 4 bytes each, big-endian. PGlite takes 10 µs for a row and 0.3 µs for an element of an array;
 * 50,000 ids come over as bytes in 2 ms.
 */
import { type RawBuilder, sql } from 'kysely'

/** Aggregates a column of integers; null over no rows. Without an order of its own it comes as the rows do. */
export function packIds(column: string): RawBuilder<Uint8Array | null> {
  return sql`string_agg(int4send(${sql.ref(column)}), ''::bytea)`
}

export function unpackIds(bytes: Uint8Array | null | undefined): Int32Array {
  if (!bytes) return new Int32Array(0)
  const copy = Buffer.from(new ArrayBuffer(bytes.length))
  copy.set(bytes)
  copy.swap32()
  return new Int32Array(copy.buffer, copy.byteOffset, bytes.length / 4)
}
