/** @file POST /api/models/pull */
import type { Handler } from '../../handler.ts'

export const pullModel: Handler<'pullModel'> = ({ body, services }) =>
  services.models.pull(body.name, { isAccepted: body.accept_licence, isChangeAccepted: body.accept_changed })
