/** @file The handlers of `contract/routes/photos.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { PHOTO_ROUTES } from '../../contract/routes/photos.ts'
import type { HandlersOf } from '../handler.ts'
import { writePhotoTag } from '../photo-tag.ts'
import { contentDisposition } from '../send-file.ts'
import { noPhoto, sendCopyWithMetadata, sendOriginal, sendRendition } from './photos/send-photo.ts'
import { uploadPhotos } from './photos/upload-photos.ts'

export const photoHandlers = {
  listPhotos: ({ actor, query: { collection, ...page }, services }) =>
    services.library.listPhotos(actor.sees, { ...page, collections: collection }),
  listDays: async ({ actor, services }) => {
    const days = await services.library.listDays(actor.sees)
    return { days, total: days.reduce((sum, day) => sum + day.count, 0) }
  },
  /** What a person who selects a thousand photos needs of them. */
  listPhotoIds: async ({ actor, query, services }) => {
    const [ids, days] = await Promise.all([
      services.library.photoIds(actor.sees, query.skip, query.limit),
      services.library.listDays(actor.sees),
    ])
    return { ids, total: days.reduce((sum, day) => sum + day.count, 0) }
  },
  getPhoto: async ({ actor, params, reply, services }) => {
    const photo = await services.library.getPhoto(actor.sees, params.id)
    if (!photo) throw noPhoto(params.id)
    void reply.header('etag', writePhotoTag(photo.version))
    return photo
  },
  getThumbnail: ({ params, ...rest }) => sendRendition('thumbnail', { id: params.id, ...rest }),
  getPreview: ({ params, ...rest }) => sendRendition('preview', { id: params.id, ...rest }),
  getOriginal: ({ params, query, ...rest }) =>
    query.with === 'metadata' ? sendCopyWithMetadata({ id: params.id, ...rest }) : sendOriginal({ id: params.id, ...rest }),
  uploadPhotos,
  retryPhoto: async ({ actor, params, services }) => ({ due: await services.pipeline.retry(actor.sees, params.id) }),
  useDescription: async ({ actor, params, body, services }) => {
    await services.describe.facts.switchTo(actor.sees, params.id, body.said_by)
    const photo = await services.library.getPhoto(actor.sees, params.id)
    if (!photo) throw noPhoto(params.id)
    return photo
  },
  prepareDownload: async ({ actor, body, services }) => {
    const { key, ...download } = await services.downloads.prepare(actor.sees, body.ids)
    return { ...download, path: `/api/downloads/${key}` }
  },
  /** The ZIP, written while it is sent. */
  getDownload: async ({ params, reply, services }) => {
    const { bytes, stream } = services.downloads.open(params.key)
    const day = new Date().toISOString().slice(0, 10)
    return reply
      .headers({ 'content-length': bytes, 'content-disposition': contentDisposition(`fototeca ${day}.zip`) })
      .type('application/zip')
      .send(stream)
  },
  listFailures: async ({ actor, services }) => {
    const { groups, ...counts } = await services.pipeline.failures(actor.sees)
    const cards = new Map(
      (
        await services.library.cards(
          actor.sees,
          groups.flatMap((group) => group.examples),
        )
      ).map((card) => [card.id, card]),
    )
    return { ...counts, groups: groups.map((group) => ({ ...group, examples: group.examples.flatMap((id) => cards.get(id) ?? []) })) }
  },
  retryFailures: ({ actor, body: { dry_run, ...choice }, services }) => services.pipeline.retryFailures(actor.sees, choice, dry_run),
} satisfies HandlersOf<typeof PHOTO_ROUTES>
