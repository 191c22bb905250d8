/** @file System B: GET /thumbnail/{id}. */
import type { Handler } from '../handler.ts'
import { sendRendition } from '../routes/photos/send-photo.ts'

export const thumbnailB: Handler<'thumbnailB'> = ({ params, ...rest }) => sendRendition('thumbnail', { id: params.id, ...rest })
