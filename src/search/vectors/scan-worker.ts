/** @file The scan’s thread: a table of rows per space. Vectors come as the database sends them (`vector_send`) and are unpacked here. */
import { serveModel } from '../../models/workers/worker-model.ts'
import { type NearestQuestion, type NearRows, RowTable } from './row-table.ts'

/** Bytes before the numbers of a sent vector: width and two that are not used. */
const HEAD = 4

serveModel(async () => {
  const tables = new Map<number, RowTable>()
  return {
    async put(spaceId: number, width: number, ids: Int32Array, sent: Uint8Array): Promise<void> {
      const table = tables.get(spaceId) ?? new RowTable(width)
      tables.set(spaceId, table)
      table.put(ids, unpackVectors(sent, ids.length, width))
    },
    async remove(spaceId: number, ids: Int32Array): Promise<void> {
      tables.get(spaceId)?.remove(ids)
    },
    async arrange(spaceId: number): Promise<boolean> {
      return tables.get(spaceId)?.arrange() ?? false
    },
    async drop(spaceId: number): Promise<void> {
      tables.delete(spaceId)
    },
    async nearest(spaceId: number, question: NearestQuestion): Promise<NearRows | null> {
      return tables.get(spaceId)?.nearest(question) ?? null
    },
  }
})

function unpackVectors(sent: Uint8Array, count: number, width: number): Float32Array {
  const each = HEAD / 4 + width
  if (sent.length !== count * each * 4) throw new Error(`${count} vectors of ${width} numbers are not ${sent.length} bytes long`)
  const bytes = Buffer.from(new ArrayBuffer(sent.length))
  bytes.set(sent)
  bytes.swap32()
  const all = new Float32Array(bytes.buffer)
  const vectors = new Float32Array(count * width)
  for (let i = 0; i < count; i++) vectors.set(all.subarray(i * each + HEAD / 4, (i + 1) * each), i * width)
  return vectors
}
