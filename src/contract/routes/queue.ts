/** @file The queue of work on photos. Failures and their retry: `photos.ts`. */
import { QueueName, QueueReport } from '../queue.ts'
import type { Route } from './route.ts'

export const QUEUE_ROUTES = {
  getQueue: {
    method: 'GET',
    path: '/api/queue',
    tag: 'library',
    access: 'see',
    summary: 'Get processes, and what waits, runs, and failed in each queue and step',
    answer: QueueReport,
  },
  pauseQueue: {
    method: 'POST',
    path: '/api/queue/:lane/pause',
    tag: 'library',
    access: 'own',
    summary: 'Pause a queue in all processes, also after restarts; photos in progress are finished',
    params: QueueName,
    answer: QueueReport,
  },
  resumeQueue: {
    method: 'POST',
    path: '/api/queue/:lane/resume',
    tag: 'library',
    access: 'own',
    summary: 'Resume a queue',
    params: QueueName,
    answer: QueueReport,
  },
} as const satisfies Record<string, Route>
