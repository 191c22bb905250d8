/**
 * @file Exports: which photos is settled when one is made ready, their facts and pictures are read while it is sent, page by page.
 * In memory per export: the ids (4 bytes each), of a ZIP also names and lengths (about 0.3 kB a photo); which photos also on the disk.
 */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { EXPORT_COLUMNS, type ExportFormat, type ExportReport, type ExportRequest } from '../../contract/exports.ts'
import type { Db } from '../../db/client.ts'
import { onlyAllowed } from '../../db/visible.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { writeZip, type ZipEntry, zipLength, zipTag } from '../zip.ts'
import { type ByteRange, cutBytes, parseRange } from './byte-range.ts'
import { KEPT_MS, type KeptList, type KeptLists } from './kept-lists.ts'
import { ROW_WRITERS } from './rows.ts'
import { readExportRows, readFactsMark, readTrashed } from './store-export-rows.ts'

/** Photos per read: about 5 ms each page, searches get their turn between. */
const PAGE = 200
/** Photos of all exports together that are kept ready; the oldest go first. */
const MAX_KEPT_PHOTOS = 500_000

export interface ExportsDeps {
  readonly db: Db
  /** ids of all photos chosen, in their order. Throws `not_found` for an album or a photo to search by that is not there */
  readonly choose: (sees: Visibility, photos: ExportRequest['photos']) => Promise<readonly number[]>
  /** what a ZIP of these would hold; photos whose picture is not there are left out */
  readonly findEntries: (ids: readonly number[], kind: 'originals' | 'previews') => Promise<ZipEntry[]>
  readonly lists: KeptLists
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
  prepare(sees: Visibility, request: ExportRequest): Promise<Omit<ExportReport, 'path'> & { readonly key: string }>
  /**
   * @param range the header `Range`; @param ifRange the header `If-Range`
   * @throws FototecaError `not_found` (unknown or too old), `conflict` (facts or files changed since it was begun), `bad_request` (beyond its end)
   */
  open(key: string, range: string | undefined, ifRange: string | undefined): Promise<OpenExport>
}

interface Kept {
  readonly about: Omit<KeptList, 'ids' | 'mark'>
  readonly ids: Int32Array
  /** of a ZIP */
  readonly entries: ZipEntry[] | null
  /** where the facts or the files stood at the first fetch */
  mark: string | null
  /** of rows: known once it was written to its end */
  length: number | null
}

export function createExports({ db, choose, findEntries, lists, now = Date.now }: ExportsDeps): Exports {
  const kept = new Map<string, Kept>()

  function keep(key: string, one: Kept): Kept {
    let photos = one.ids.length
    for (const [other, { ids, about }] of [...kept].reverse()) {
      photos += ids.length
      if (photos > MAX_KEPT_PHOTOS || now() - about.madeAt > KEPT_MS) kept.delete(other)
    }
    kept.set(key, one)
    return one
  }

  /** @throws FototecaError `not_found` for a ZIP of nothing */
  async function complete({ ids, mark, ...about }: KeptList): Promise<Kept> {
    const one = { about, ids: Int32Array.from(ids), mark }
    if (isRows(about.format)) return { ...one, entries: null, length: null }
    const entries = await findEntries(ids, about.format === 'zip-originals' ? 'originals' : 'previews')
    if (entries.length === 0)
      throw new FototecaError('not_found', 'none of these photos has a picture that is there; mount or move the files back')
    return { ...one, entries, length: zipLength(entries) }
  }

  async function find(key: string): Promise<Kept> {
    const one = kept.get(key)
    if (one && now() - one.about.madeAt <= KEPT_MS) return one
    const list = await lists.read(key)
    if (!list) throw new FototecaError('not_found', 'this export is not ready any more; make it again')
    return keep(key, await complete(list))
  }

  async function* writeRows(one: Kept): AsyncGenerator<Buffer> {
    const { ids, about } = one
    const writer = ROW_WRITERS[about.format === 'json' ? 'json' : 'csv']
    let [length, isFirst] = [0, true]
    const count = (text: string) => {
      const bytes = Buffer.from(text)
      length += bytes.length
      return bytes
    }
    yield count(writer.head(about.columns))
    for (let from = 0; from < ids.length; from += PAGE) {
      let page = ''
      for (const row of await readExportRows(db, [...ids.subarray(from, from + PAGE)])) {
        page += writer.row(row, about.columns, isFirst)
        isFirst = false
      }
      if (page !== '') yield count(page)
    }
    if (writer.tail !== '') yield count(writer.tail)
    one.length = length
  }

  return {
    async prepare(sees, { photos, format, columns }) {
      const trashed = await readTrashed(db)
      const ids = (await onlyAllowed(db, sees, await choose(sees, photos))).filter((id) => !trashed.has(id))
      const filename = `fototeca ${new Date(now()).toISOString().slice(0, 10)}.${isRows(format) ? format : 'zip'}`
      // in the order of the list, whatever the request named twice
      const wanted = EXPORT_COLUMNS.filter((column) => columns?.includes(column) ?? true)
      const list = { filename, madeAt: now(), format, columns: wanted, ids, mark: null }
      const one = await complete(list)
      const key = randomUUID()
      await lists.save(key, list)
      keep(key, one)
      const written = one.entries?.length ?? ids.length
      return { key, filename, photos: written, missing: ids.length - written, bytes: one.length }
    },

    async open(key, range, ifRange) {
      const one = await find(key)
      const { entries, about } = one
      const mark = entries ? zipTag(entries).slice(1, -1) : await readFactsMark(db)
      const isSame = one.mark === null || one.mark === mark
      const etag = `"${key}-${mark}"`
      const isAsked = range !== undefined && (ifRange === undefined || ifRange === etag)
      if (isAsked && !isSame)
        throw new FototecaError('conflict', 'photos were changed since this export was begun; fetch it again from its start')
      if (one.mark !== mark) {
        if (!entries) one.length = null
        one.mark = mark
        await lists.save(key, { ...about, ids: [...one.ids], mark })
      }
      const write = (from = 0) => (entries ? writeZip(entries, undefined, from) : writeRows(one))
      // to say how long it is, rows are written once for nothing; only a broken fetch asks for that
      if (!entries && isAsked && one.length === null) for await (const _chunk of write()) void _chunk
      const wanted = isAsked && one.length !== null ? parseRange(range, one.length) : null
      if (wanted === 'outside') throw new FototecaError('outside_range', `the export has ${one.length} bytes; nothing lies beyond them`)
      const bytes =
        wanted === null
          ? write()
          : entries
            ? cutBytes(write(wanted.start), { start: 0, end: wanted.end - wanted.start })
            : cutBytes(write(), wanted)
      return {
        type: isRows(about.format) ? ROW_WRITERS[about.format].type : 'application/zip',
        filename: about.filename,
        etag,
        length: one.length,
        range: wanted,
        stream: Readable.from(bytes, { objectMode: false }),
      }
    },
  }
}

const isRows = (format: ExportFormat): format is 'csv' | 'json' => format === 'csv' || format === 'json'
