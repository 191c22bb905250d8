/** @file GET /api/photos */
import type { Handler } from '../../handler.ts'

export const listPhotos: Handler<'listPhotos'> = ({ query, services }) => services.library.listPhotos(query)
