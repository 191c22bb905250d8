/** @file System A over HTTP, on the program as a black box: an upload that waits for what is in the picture, and says where it stands. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { UploadA as UploadASchema } from '../../src/contract/described.ts'
import { type Program, startProgram } from '../support/program.ts'

type UploadA = z.infer<typeof UploadASchema>

const PHOTOS = join(import.meta.dirname, '../pictures/photos')

describe('POST /upload', () => {
  let program: Program
  beforeAll(async () => {
    program = await startProgram({ env: { FOTOTECA_DESCRIBE: 'fake' } })
  })
  afterAll(() => program?.[Symbol.asyncDispose]())

  const send = async (file: string, query = '') => {
    const form = new FormData()
    form.append('file', new Blob([await readFile(join(PHOTOS, file))]), file)
    const answer = await fetch(`${program.url}/upload${query}`, { method: 'POST', body: form })
    return { status: answer.status, body: (await answer.json()) as UploadA & { detail?: string } }
  }

  it('with wait answers when tags and caption are known, also of a picture that was there', async () => {
    const waited = await send('cat.jpg', '?wait=60')
    expect(waited.status).toBe(200)
    expect(waited.body).toMatchObject({ filename: 'cat.jpg', state: 'completed' })
    expect(waited.body.tags).toContain('cat')
    expect(waited.body.caption).toEqual(expect.any(String))
    expect((await send('cat.jpg', '?wait=60')).body).toMatchObject({ id: waited.body.id, tags: waited.body.tags, state: 'completed' })
  })

  it('without it answers at once and says where the photo stands; what was not waited for comes later', async () => {
    const { status, body } = await send('coffee.jpg')
    expect(status).toBe(200)
    expect(body.state).not.toBe('completed')
    expect((await send('coffee.jpg', '?wait=60')).body).toMatchObject({ id: body.id, state: 'completed' })
  })

  it('refuses a wait that is none, by its name, and one longer than a minute', async () => {
    for (const wait of ['61', '-1', 'soon'])
      expect(await send('boats.jpg', `?wait=${wait}`), wait).toMatchObject({
        status: 422,
        body: { detail: expect.stringContaining('wait') },
      })
  })

  it('goes on with the photo when the client leaves while it waits', async () => {
    const form = new FormData()
    form.append('file', new Blob([await readFile(join(PHOTOS, 'clock.jpg'))]), 'clock.jpg')
    const leaving = new AbortController()
    const sent = fetch(`${program.url}/upload?wait=60`, { method: 'POST', body: form, signal: leaving.signal }).catch(() => null)
    await expect
      .poll(async () => ((await (await fetch(`${program.url}/photos?limit=1`)).json()) as { filename: string }[])[0]?.filename)
      .toBeDefined()
    leaving.abort()
    await sent
    expect((await send('clock.jpg', '?wait=60')).body).toMatchObject({ state: 'completed' })
  })
})
