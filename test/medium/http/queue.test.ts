/** @file The queue over HTTP, of a whole program: what runs and waits, pauses that last, and the two pages’ addresses. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { QueueReport } from '../../../src/contract/queue.ts'
import { silentLog } from '../../../src/domain/log.ts'

const stack: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of stack.splice(0).reverse()) await end()
})

async function openApp(dataDir: string): Promise<App> {
  const app = await createApp(
    loadConfig({ FOTOTECA_DATA: dataDir, FOTOTECA_MODEL_DOWNLOAD: 'never', FOTOTECA_MEANING: 'off', DEVICE: 'cpu' }),
    { log: silentLog, webDir: join(dataDir, 'no-page') },
  )
  await app.start()
  return app
}

it('tells processes, queues, and steps; a pause holds in the database, is said, and ends', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-queue-'))
  stack.push(() => rm(dataDir, { recursive: true, force: true }))
  let app = await openApp(dataDir)
  let isOpen = true
  const close = async () => {
    if (isOpen) await app[Symbol.asyncDispose]()
    isOpen = false
  }
  stack.push(close)
  const ask = async (method: 'GET' | 'POST', url: string): Promise<QueueReport> => {
    const answer = await app.http.inject({ method, url })
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json()
  }
  const report = await ask('GET', '/api/queue')
  expect(report.processes).toMatchObject([{ pid: process.pid, roles: 'all', photos: 0, is_this: true }])
  expect(report.queues.map(({ lane, can_pause }) => [lane, can_pause])).toEqual([
    ['analyse', true],
    ['describe', true],
    ['inspire', true],
    ['tag', false],
    ['people', false],
    ['generate', false],
  ])
  expect(report).toMatchObject({ running: [], upgrade: { paused: false } })
  expect(report.queues[0]?.steps.find(({ step }) => step === 'ocr')).toEqual({ step: 'ocr', waiting: 0, running: 0, failed: 0 })

  const [analyse] = (await ask('POST', '/api/queue/analyse/pause')).queues
  expect(analyse).toMatchObject({ state: 'paused', paused: true, reason: 'paused by a person; resume it under Queue' })
  await close()
  app = await openApp(dataDir)
  isOpen = true
  expect((await ask('GET', '/api/queue')).queues.map(({ paused }) => paused)).toEqual([true, false, false, false, false, false])
  expect((await ask('POST', '/api/queue/analyse/resume')).queues[0]).toMatchObject({ state: 'idle', paused: false, reason: null })
  expect((await app.http.inject({ method: 'POST', url: '/api/queue/tag/pause' })).statusCode).toBe(422)
  for (const url of ['/queue', '/statistics'])
    expect((await app.http.inject({ url, headers: { accept: 'text/html' } })).headers['content-type']).toContain('text/html')
})
