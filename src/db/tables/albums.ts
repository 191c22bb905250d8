/** @file Albums, what is in them, and what persons changed in them. */
import type { ColumnType, Generated } from 'kysely'
import type { AlbumKind } from '../../contract/albums.ts'
import type { StoredMessage, Timestamp } from './columns.ts'

export interface AlbumsTables {
  albums: {
    id: Generated<number>
    name: string
    description: Generated<string>
    kind: AlbumKind
    /** the query of a saved search, without paging */
    search: ColumnType<Record<string, unknown>, string | null, string | null> | null
    /** why a saved search could not be asked; null: it could */
    problem: StoredMessage | null
    parent_id: number | null
    cover_photo_id: number | null
    version: Generated<number>
    made_at: Generated<Date>
    changed_at: Generated<Date>
    /** can be restored until it is swept */
    deleted_at: Timestamp | null
  }
  album_photos: { album_id: number; photo_id: number; place: number; added_at: Generated<Date> }
  /** of edits of the area `albums` */
  album_changes: {
    edit_id: number
    album_id: number
    what: 'added' | 'removed' | 'moved' | 'deleted'
    photo_ids: number[]
    places: number[]
  }
}
