/** @file Filter `album`: photos in any of these albums, put there by hand or found by their saved search (`album_photos`). */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const album: Filter<'album'> = {
  keeps: (ids) =>
    ids.length === 0
      ? null
      : (photo) => sql<SqlBool>`${sql.ref(`${photo}.id`)} in (
          select ap.photo_id from album_photos ap where ap.album_id = any (array(
            select a.id from albums a where a.deleted_at is null and a.id in (${sql.join(ids)}))))`,
  groups: {
    rows: sql`select ap.photo_id, ap.album_id::text as value from album_photos ap join albums a on a.id = ap.album_id where a.deleted_at is null`,
    names: async (db) => {
      const albums = await db.selectFrom('albums').select(['id', 'name']).where('deleted_at', 'is', null).execute()
      return albums.map(({ id, name }) => ({ value: String(id), label: name }))
    },
  },
}
