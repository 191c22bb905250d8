/** @file The library as a whole: sources, progress, health, work done again. */
import { z } from 'zod'
import { FolderList, FolderQuery } from '../folders.ts'
import {
  AddSource,
  ChangeSource,
  Health,
  Progress,
  RemovedSource,
  RemoveSource,
  ScanReport,
  SourceReport,
  Stats,
  Upgrade,
} from '../library.ts'
import { ReprocessReport, ReprocessRequest } from '../reprocess.ts'
import { TasksReport } from '../tasks.ts'
import { byId, type Route } from './route.ts'

export const LIBRARY_ROUTES = {
  getProgress: { method: 'GET', path: '/api/progress', tag: 'library', access: 'member', summary: 'What is being worked on now', answer: Progress },
  pauseUpgrade: { method: 'POST', path: '/api/upgrade/pause', tag: 'library', access: 'owner', summary: 'Begin no photo that is only due again by a newer version or another model; new photos go on, and what is paused stays so over restarts', answer: Upgrade },
  resumeUpgrade: { method: 'POST', path: '/api/upgrade/resume', tag: 'library', access: 'owner', summary: 'Go on with them, behind new photos', answer: Upgrade },
  getStats: { method: 'GET', path: '/api/stats', tag: 'library', access: 'member', summary: 'Statistics: states, steps, models, formats, storage, growth, tags, categories, duplicates, faces', answer: Stats },
  getTasks: { method: 'GET', path: '/api/tasks', tag: 'library', access: 'member', summary: 'What runs in the background, and the processes that do it', answer: TasksReport },
  getHealth: { method: 'GET', path: '/health', tag: 'library', access: 'member', lenient: true, summary: 'Index counts, model of each capability, lanes', answer: Health },
  getLive: { method: 'GET', path: '/live', tag: 'library', access: 'anyone', lenient: true, summary: 'The process answers', answer: z.object({ status: z.literal('ok') }) },
  getReady: { method: 'GET', path: '/ready', tag: 'library', access: 'member', lenient: true, summary: 'The database answers and the data folder can be written; 503 says what is in the way', answer: z.object({ status: z.literal('ready') }) },
  listSources: { method: 'GET', path: '/api/sources', tag: 'library', access: 'member', summary: 'Where photos come from', answer: z.object({ sources: z.array(SourceReport) }) },
  listFolders: { method: 'GET', path: '/api/folders', tag: 'library', access: 'owner', summary: 'What lies in a folder of this machine, for whoever chooses one to index', query: FolderQuery, answer: FolderList },
  addSource: { method: 'POST', path: '/api/sources', tag: 'library', access: 'owner', summary: 'Index a folder of this machine in place and watch it', body: AddSource, answer: SourceReport },
  changeSource: { method: 'PATCH', path: '/api/sources/:id', tag: 'library', access: 'owner', summary: 'Move a folder to another path, pause or resume it, or say where its links may lead', params: byId, body: ChangeSource, answer: SourceReport },
  removeSource: { method: 'DELETE', path: '/api/sources/:id', tag: 'library', access: 'owner', summary: 'Remove a folder from the library; `dry_run` counts its photos', params: byId, query: RemoveSource, answer: RemovedSource },
  scanSource: { method: 'POST', path: '/api/sources/:id/scan', tag: 'library', access: 'owner', summary: 'Look at a folder again now; `force` accepts that many files are gone', params: byId, body: z.object({ force: z.boolean().default(false) }).default({ force: false }), answer: ScanReport },
  reprocess: { method: 'POST', path: '/api/reprocess', tag: 'library', access: 'owner', summary: 'Run steps again over chosen photos; `dry_run` counts and estimates the time', body: ReprocessRequest, answer: ReprocessReport },
} as const satisfies Record<string, Route> // biome-ignore format: a table
