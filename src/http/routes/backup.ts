/** @file The handlers of `contract/routes/backup.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { BACKUP_ROUTES } from '../../contract/routes/backup.ts'
import type { HandlersOf } from '../handler.ts'

export const backupHandlers = {
  startBackup: ({ body, services }) => services.backups.start(body),
  getBackup: ({ services }) => services.backups.report(),
} satisfies HandlersOf<typeof BACKUP_ROUTES>
