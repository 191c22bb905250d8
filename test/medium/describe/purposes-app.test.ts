/** @file Two describers with a purpose each in a whole program over HTTP: new photos owe both, each queue shows and is paused by itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, expect, it } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { QueueReport } from '../../../src/contract/queue.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { LONG } from '../../support/describe-library.ts'
import { GOOD_ANSWER, startFakeProvider } from '../../support/fake-provider.ts'

const stack: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of stack.splice(0).reverse()) await end()
})

it('a new photo gets its facts by one and its prompt by the other; what system A is told waits for neither queue that is paused', async () => {
  await using qwen = await startFakeProvider()
  await using gemini = await startFakeProvider()
  gemini.says = () => ({ inspiration_prompt: 'A mood.' })
  const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-purposes-'))
  stack.push(() => rm(dataDir, { recursive: true, force: true }))
  const config = loadConfig({
    ...{ FOTOTECA_DATA: dataDir, FOTOTECA_MODEL_DOWNLOAD: 'never', FOTOTECA_MEANING: 'off', DEVICE: 'cpu' },
    ...{ FOTOTECA_DESCRIBE: 'qwen3-vl-8b', FOTOTECA_HUGGINGFACE_URL: qwen.url, FOTOTECA_HUGGINGFACE_KEY: 'k'.repeat(20) },
    ...{ FOTOTECA_INSPIRATION: 'gemini-2.0-flash', FOTOTECA_GEMINI_URL: gemini.openaiUrl, FOTOTECA_GEMINI_KEY: 'k'.repeat(20) },
    ...{ FOTOTECA_INSPIRATION_TOKENS_PER_DAY: '5000' },
  })
  const app: App = await createApp(config, { log: silentLog, webDir: join(dataDir, 'no-page') })
  stack.push(async () => await app[Symbol.asyncDispose]())
  await app.start()
  const ask = async (method: 'GET' | 'POST', url: string) => {
    const answer = await app.http.inject({ method, url })
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json()
  }
  const queue = async (name: string) => ((await ask('GET', '/api/queue')) as QueueReport).queues.find(({ lane }) => lane === name)
  await ask('POST', '/api/queue/inspire/pause')
  const jpeg = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#c96' } })
    .jpeg()
    .toBuffer()
  const boundary = 'a-boundary-of-this-test'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="dog.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
  const uploaded = await app.http.inject({
    method: 'POST',
    url: '/upload?wait=60',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([Buffer.from(head), jpeg, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  })
  const { id, caption, tags } = uploaded.json()
  expect({ caption, tags }, uploaded.body).toMatchObject({ caption: GOOD_ANSWER.description, tags: expect.arrayContaining(['dog']) })
  expect(await ask('GET', `/photo/${id}`)).toMatchObject({ caption: GOOD_ANSWER.description })
  // counts are kept for two seconds
  const owed = { state: 'paused', paused: true, due: 1, steps: [{ step: 'inspiration', waiting: 1 }] }
  await expect.poll(() => queue('inspire'), LONG).toMatchObject(owed)
  await expect.poll(() => queue('describe'), LONG).toMatchObject({ paused: false, due: 0 })
  expect((await ask('GET', `/api/photos/${id}`)).inspiration.prompt).toBe(GOOD_ANSWER.inspiration_prompt)
  await ask('POST', '/api/queue/inspire/resume')
  await expect
    .poll(async () => (await ask('GET', `/api/photos/${id}`)).inspiration, LONG)
    .toMatchObject({ prompt: 'A mood.', models: ['gemini-2.0-flash'] })
  expect((await ask('GET', '/api/tasks')).tasks.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['lane describe', 'lane inspire']),
  )
  const report = await ask('GET', '/api/describe?purpose=inspiration')
  expect(report).toMatchObject({ describer: 'gemini-2.0-flash', fixed: ['describer', 'tokens_per_day'], limits: { tokens_per_day: 5000 } })
  expect((await ask('GET', '/api/describe')).limits.tokens_per_day).toBeNull()
})
