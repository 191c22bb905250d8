/** @file GET /api/backup */
import type { Handler } from '../../handler.ts'

export const getBackup: Handler<'getBackup'> = ({ services }) => services.backups.report()
