/** @file DELETE /api/spaces/:id */
import type { Handler } from '../../handler.ts'

export const dropSpace: Handler<'dropSpace'> = ({ params, services }) => services.spaces.drop(params.id)
