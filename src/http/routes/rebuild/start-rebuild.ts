/** @file POST /api/rebuild */
import type { Handler } from '../../handler.ts'

export const startRebuild: Handler<'startRebuild'> = ({ body, services }) =>
  services.rebuild.begin({ folders: body?.folders, isAdding: body?.add ?? false })
