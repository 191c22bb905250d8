/** @file Backups. */
import { BackupReport, BackupRequest } from '../backup.ts'
import type { Route } from './route.ts'

export const BACKUP_ROUTES = {
  startBackup: {
    method: 'POST',
    path: '/api/backup',
    tag: 'library',
    access: 'own',
    summary: 'Begin a backup of the library into a folder or store; 409 while one is made',
    body: BackupRequest,
    answer: BackupReport,
  },
  getBackup: {
    method: 'GET',
    path: '/api/backup',
    tag: 'library',
    access: 'own',
    summary: 'How far the backup is, and the last one that was finished',
    answer: BackupReport,
  },
} as const satisfies Record<string, Route>
