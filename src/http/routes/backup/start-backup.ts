/** @file POST /api/backup */
import type { Handler } from '../../handler.ts'

export const startBackup: Handler<'startBackup'> = ({ body, services }) => services.backups.start(body)
