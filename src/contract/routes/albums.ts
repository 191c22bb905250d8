/** @file Albums and saved searches. */
import { z } from 'zod'
import { AlbumChange, AlbumInput, AlbumPage, AlbumPatch, AlbumReport, PhotoChoice, SimilarAlbums, SimilarAlbumsQuery } from '../albums.ts'
import { Id } from '../photo.ts'
import { MAX_IDS } from '../words.ts'
import { byId, type Route } from './route.ts'

export const ALBUM_ROUTES = {
  listAlbums: {
    method: 'GET',
    path: '/api/albums',
    tag: 'groups',
    access: 'see',
    summary: 'Albums and saved searches, by name; nested ones name their parent',
    answer: z.object({ albums: z.array(AlbumReport) }),
  },
  createAlbum: {
    method: 'POST',
    path: '/api/albums',
    tag: 'groups',
    access: 'edit',
    summary: 'A new album: empty, with chosen photos, or filled by a saved search',
    body: AlbumInput,
    answer: AlbumReport,
  },
  similarAlbums: {
    method: 'GET',
    path: '/api/albums/similar',
    tag: 'groups',
    access: 'see',
    summary:
      'System A’s albums of similar photos, each within the cut-off measured for the space; others on each call unless a seed is given',
    limit: 'search',
    query: SimilarAlbumsQuery,
    answer: SimilarAlbums,
  },
  getAlbum: {
    method: 'GET',
    path: '/api/albums/:id',
    tag: 'groups',
    access: 'see',
    summary: 'One album',
    params: byId,
    answer: AlbumReport,
  },
  changeAlbum: {
    method: 'PATCH',
    path: '/api/albums/:id',
    tag: 'groups',
    access: 'edit',
    summary: 'Name, text, cover, the album it lies in, the search it saves',
    params: byId,
    body: AlbumPatch,
    answer: AlbumReport,
  },
  removeAlbum: {
    method: 'DELETE',
    path: '/api/albums/:id',
    tag: 'groups',
    access: 'edit',
    summary: 'Delete an album; its photos stay, and it can be undone for 30 days',
    params: byId,
    answer: z.object({ id: z.number().int(), edit: z.number().int().describe('the edit that can be undone') }),
  },
  listAlbumPhotos: {
    method: 'GET',
    path: '/api/albums/:id/photos',
    tag: 'groups',
    access: 'see',
    summary: 'Its photos in their order',
    params: byId,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(60),
      cursor: z.string().max(200).optional().describe('`next` of the page before'),
    }),
    answer: AlbumPage,
  },
  addToAlbum: {
    method: 'POST',
    path: '/api/albums/:id/add',
    tag: 'groups',
    access: 'edit',
    summary: 'Put photos at its end; those in it already stay where they are',
    params: byId,
    body: z.object({ photos: PhotoChoice }),
    answer: AlbumChange,
  },
  removeFromAlbum: {
    method: 'POST',
    path: '/api/albums/:id/remove',
    tag: 'groups',
    access: 'edit',
    summary: 'Take photos out of it; the photos stay',
    params: byId,
    body: z.object({ photos: PhotoChoice }),
    answer: AlbumChange,
  },
  moveInAlbum: {
    method: 'POST',
    path: '/api/albums/:id/move',
    tag: 'groups',
    access: 'edit',
    summary: 'Put some of its photos, in the order given, before another one or at its end',
    params: byId,
    body: z.object({ ids: z.array(Id).min(1).max(MAX_IDS), before: Id.nullable().describe('null: at the end') }),
    answer: AlbumChange,
  },
} as const satisfies Record<string, Route>
