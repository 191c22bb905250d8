/** @file Backups. */
import { BackupReport, BackupRequest } from '../backup.ts'
import type { Route } from './route.ts'

export const BACKUP_ROUTES = {
  startBackup: {
    method: 'POST',
    path: '/api/backup',
    tag: 'library',
    access: 'own',
    summary: 'Start a backup of the library to a folder or store; 409 while one is running',
    body: BackupRequest,
    answer: BackupReport,
  },
  getBackup: {
    method: 'GET',
    path: '/api/backup',
    tag: 'library',
    access: 'own',
    summary: 'Get the progress of the running backup, and the last one that finished',
    answer: BackupReport,
  },
} as const satisfies Record<string, Route>
