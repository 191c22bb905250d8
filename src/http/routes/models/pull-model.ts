/** @file POST /api/models/pull */
import type { Handler } from '../../handler.ts'

export const pullModel: Handler<'pullModel'> = ({ body, services }) => services.models.pull(body.name, body.accept_licence)
