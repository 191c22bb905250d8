/** @file POST /api/models/import */
import type { Handler } from '../../handler.ts'

export const importModel: Handler<'importModel'> = ({ body, services }) =>
  services.models.importFolder(body.path, body.name, body.accept_licence)
