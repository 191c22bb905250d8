/**
 * @file Exports: which photos is settled when one is made ready, their facts and pictures are read while it is sent, page by page.
 * Kept per export: the ids (4 bytes each), of a ZIP also names and lengths (about 0.3 kB a photo).
 */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { EXPORT_COLUMNS, type ExportColumn, type ExportReport, type ExportRequest } from '../../contract/exports.ts'
import type { Db } from '../../db/client.ts'
import { FototecaError } from '../../domain/errors.ts'
import { writeZip, type ZipEntry, zipLength } from '../zip.ts'
import { type ByteRange, cutBytes, parseRange } from './byte-range.ts'
import { ROW_WRITERS } from './rows.ts'
import { readExportRows, readFactsMark, readTrashed } from './store-export-rows.ts'

/** Photos per read: about 5 ms each page, searches get their turn between. */
const PAGE = 200
const KEPT_MS = 24 * 3_600_000
/** Photos of all exports together that are kept ready; the oldest go first. */
const MOST_KEPT_PHOTOS = 500_000

export interface ExportsDeps {
  readonly db: Db
  /** ids of all photos chosen, in their order. Throws `not_found` for an album or a photo to search by that is not there */
  readonly choose: (photos: ExportRequest['photos']) => Promise<readonly number[]>
  /** what a ZIP of these would hold; photos whose picture is not there are left out */
  readonly findEntries: (ids: readonly number[], kind: 'originals' | 'previews') => Promise<ZipEntry[]>
  readonly now?: () => number
}

export interface OpenExport {
  readonly type: string
  readonly filename: string
  readonly etag: string
  /** null: not known before it is written */
  readonly length: number | null
  /** set when a part was asked for */
  readonly range: ByteRange | null
  readonly stream: Readable
}

export interface Exports {
  /** @throws FototecaError `not_found` */
  prepare(request: ExportRequest): Promise<Omit<ExportReport, 'path'> & { readonly key: string }>
  /**
   * @param range the header `Range`; @param ifRange the header `If-Range`
   * @throws FototecaError `not_found` (unknown or too old), `conflict` (facts changed since it was begun), `bad_request` (beyond its end)
   */
  open(key: string, range: string | undefined, ifRange: string | undefined): Promise<OpenExport>
}

interface Kept {
  readonly filename: string
  readonly photos: number
  readonly madeAt: number
  /** of rows: where the facts stood at the first fetch */
  mark: string | null
  /** of rows: known once it was written to its end */
  length: number | null
  readonly content:
    | { readonly entries: ZipEntry[] }
    | { readonly ids: Int32Array; readonly format: 'csv' | 'json'; readonly columns: readonly ExportColumn[] }
}

export function createExports({ db, choose, findEntries, now = Date.now }: ExportsDeps): Exports {
  const kept = new Map<string, Kept>()

  function keep(one: Kept): string {
    let photos = one.photos
    for (const [key, other] of [...kept].reverse()) {
      photos += other.photos
      if (photos > MOST_KEPT_PHOTOS || now() - other.madeAt > KEPT_MS) kept.delete(key)
    }
    const key = randomUUID()
    kept.set(key, one)
    return key
  }

  async function* writeRows(one: Kept, ids: Int32Array, format: 'csv' | 'json', columns: readonly ExportColumn[]): AsyncGenerator<Buffer> {
    const writer = ROW_WRITERS[format]
    let [length, isFirst] = [0, true]
    const count = (text: string) => {
      const bytes = Buffer.from(text)
      length += bytes.length
      return bytes
    }
    yield count(writer.head(columns))
    for (let from = 0; from < ids.length; from += PAGE) {
      let page = ''
      for (const row of await readExportRows(db, [...ids.subarray(from, from + PAGE)])) {
        page += writer.row(row, columns, isFirst)
        isFirst = false
      }
      if (page !== '') yield count(page)
    }
    if (writer.tail !== '') yield count(writer.tail)
    one.length = length
  }

  return {
    async prepare({ photos, format, columns }) {
      const trashed = await readTrashed(db)
      const ids = (await choose(photos)).filter((id) => !trashed.has(id))
      const filename = `fototeca ${new Date(now()).toISOString().slice(0, 10)}.${format.startsWith('zip') ? 'zip' : format}`
      const base = { filename, madeAt: now(), mark: null, length: null }
      if (format === 'csv' || format === 'json') {
        // in the order of the list, whatever the request named twice
        const wanted = EXPORT_COLUMNS.filter((column) => columns?.includes(column) ?? true)
        const key = keep({ ...base, photos: ids.length, content: { ids: Int32Array.from(ids), format, columns: wanted } })
        return { key, filename, photos: ids.length, missing: 0, bytes: null }
      }
      const entries = await findEntries(ids, format === 'zip-originals' ? 'originals' : 'previews')
      if (entries.length === 0)
        throw new FototecaError('not_found', 'none of these photos has a picture that is there; mount or move the files back')
      const key = keep({ ...base, photos: entries.length, content: { entries } })
      return { key, filename, photos: entries.length, missing: ids.length - entries.length, bytes: zipLength(entries) }
    },

    async open(key, range, ifRange) {
      const one = kept.get(key)
      if (!one || now() - one.madeAt > KEPT_MS) throw new FototecaError('not_found', 'this export is not ready any more; make it again')
      const { content, filename } = one
      const isZip = 'entries' in content
      const mark = isZip ? '' : await readFactsMark(db)
      const isSame = one.mark === null || one.mark === mark
      const etag = `"${key}-${mark}"`
      const isAsked = range !== undefined && (ifRange === undefined || ifRange === etag)
      if (isAsked && !isSame)
        throw new FototecaError('conflict', 'photos were changed since this export was begun; fetch it again from its start')
      if (!isSame) one.length = null
      one.mark = mark
      const write = isZip ? () => writeZip(content.entries) : () => writeRows(one, content.ids, content.format, content.columns)
      if (isZip) one.length = zipLength(content.entries)
      // to say how long it is, rows are written once for nothing; only a broken fetch asks for that
      else if (isAsked && one.length === null) for await (const _chunk of write()) void _chunk
      const wanted = isAsked && one.length !== null ? parseRange(range, one.length) : null
      if (wanted === 'outside') throw new FototecaError('bad_request', `the export has ${one.length} bytes; nothing lies beyond them`)
      const bytes =
        wanted === null
          ? write()
          : isZip
            ? cutBytes(writeZip(content.entries, undefined, wanted.start), { start: 0, end: wanted.end - wanted.start })
            : cutBytes(write(), wanted)
      return {
        type: isZip ? 'application/zip' : ROW_WRITERS[content.format].type,
        filename,
        etag,
        length: one.length,
        range: wanted,
        stream: Readable.from(bytes, { objectMode: false }),
      }
    },
  }
}
