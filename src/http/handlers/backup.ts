/** @file The handlers of `contract/routes/backup.ts`; the compiler says which is missing. */
import type { BACKUP_ROUTES } from '../../contract/routes/backup.ts'
import type { HandlersOf } from '../handler.ts'
import { getBackup } from '../routes/backup/get-backup.ts'
import { startBackup } from '../routes/backup/start-backup.ts'

export const backupHandlers = { startBackup, getBackup } satisfies HandlersOf<typeof BACKUP_ROUTES>
