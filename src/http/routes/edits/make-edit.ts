/** @file POST /api/edits */
import type { Handler } from '../../handler.ts'

export const makeEdit: Handler<'makeEdit'> = ({ body, services }) => services.edits.make(body)
