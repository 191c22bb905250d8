/** @file What a route is, and the parts several routes share. */
import { z } from 'zod'
import type { Permission } from '../accounts.ts'
import { MessageReport } from '../messages/report.ts'
import { Id } from '../photo.ts'

export const Problem = z
  .object({ detail: z.string(), code: z.string().optional().describe('the kind of error'), message: MessageReport.optional() })
  .describe('the error as a sentence')

/**
 * Costly requests share the places of their class; the others wait, and a flood is refused with 429. `upload`: bytes go to the disk.
 * `search`: the whole library is looked through. `model`: a model reads a picture while the client waits. `export`: originals are read and packed.
 * `generate`: the answer comes when all pictures are made. `picture`: one picture is read, cut out, or written into a copy.
 * `events`: the answer stays open.
 */
export type LimitClass = 'upload' | 'search' | 'model' | 'export' | 'generate' | 'picture' | 'events'

/** `picture`: made by us, to be shown; `file`: as it came, as a download; `zip`; `export`: a ZIP or rows, as they were asked for; `events`: a stream of them. */
export type BytesAnswer = 'picture' | 'file' | 'zip' | 'export' | 'events'

/** `anyone`: also who is not signed in. */
export type Access = 'anyone' | Permission

/** `checked`: asked for again each time, by its tag. `versioned`: the same, and for ever where the address names its version (`v`). */
export type Cache = 'checked' | 'versioned'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly tag: 'photos' | 'search' | 'groups' | 'edits' | 'products' | 'library' | 'models' | 'describe' | 'access' | 'described systems'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** unknown fields of query and body are dropped: clients of another system, and probes, send more than is read. Elsewhere they are refused by name */
  readonly lenient?: true
  /** multipart with one or more `file` parts instead of `body` */
  readonly upload?: true
  /** the fields of `body` are taken as multipart, too */
  readonly form?: true
  /** how many of these run at once is bounded together with the others of the class */
  readonly limit?: LimitClass
  /** makes or takes pictures: refused while the disk is full or something is out of order */
  readonly writes?: true
  /** the JSON of a 200, or what its bytes are */
  readonly answer: z.ZodType | BytesAnswer
  /** the answer has this entity tag in its header `ETag` */
  readonly tagged?: string
  /** takes the header `If-Match`: what is held against it, and what happens otherwise */
  readonly ifMatch?: string
  /** who may use it */
  readonly access: Access
  /** stands in the audit log, whatever came of it, as every change that only an owner may make */
  readonly isAudited?: true
  /** answers a signed address without a token, too (ADR 91) */
  readonly link?: true
  /** how long what it answered may be kept; nothing is, where it is left out */
  readonly cache?: Cache
  /** browsers get the page (by `Accept`), clients JSON */
  readonly page?: true
}

export const byId = z.object({ id: Id.describe('id, as listed') })
/** pictures with `v` may be kept for ever: change it (for instance to `processed_at`) when the photo was analysed again */
export const version = z.object({
  v: z.string().max(100).optional().describe('any value; with it the picture may be cached for ever. Change it when the photo changes'),
})
/** of a signed address, as an answer gave it */
export const signed = z.object({
  expires: z.string().max(20).optional().describe('end of validity, in seconds since 1970'),
  signature: z.string().max(100).optional(),
})
export const paging = z.object({
  skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0).describe('number of entries to skip'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('maximum number of entries'),
})
