/** @file POST /api/models/:name/try */
import type { Handler } from '../../handler.ts'

export const tryModel: Handler<'tryModel'> = ({ services, params, body }) => services.tryModel(params.name, body.photo)
