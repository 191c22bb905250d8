/** @file The whole program with a describer that wants a key: described photos, and the key nowhere but in its header. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { startFakeProvider } from '../support/fake-provider.ts'
import { drawJpeg } from '../support/jpeg.ts'
import { askJson, makeDataDir, startProgram, upload } from '../support/program.ts'

const KEY = 'sk-black-box-0123456789abcdef'
const WAIT = { timeout: 150_000, interval: 200 }

it('a photo is described; a refused key holds up nothing else; neither answers, log nor data folder hold it', async () => {
  await using provider = await startFakeProvider()
  const secrets = await mkdtemp(join(tmpdir(), 'fototeca-secret-'))
  const dataDir = await makeDataDir()
  try {
    await writeFile(join(secrets, 'key'), `${KEY}\n`, { mode: 0o600 })
    const answers: string[] = []
    let printed = ''
    {
      await using program = await startProgram({
        dataDir,
        env: {
          FOTOTECA_DESCRIBE: 'own=qwen',
          FOTOTECA_DESCRIBE_URL: provider.url,
          FOTOTECA_DESCRIBE_KEY_FILE: join(secrets, 'key'),
          FOTOTECA_LOG_LEVEL: 'debug',
        },
      })
      const get = async (path: string) => {
        const text = await (await fetch(program.url + path)).text()
        answers.push(text)
        return text
      }
      const { jpeg } = await drawJpeg()
      await upload(program.url, 'holiday-in-secret-place.jpg', jpeg)
      await expect.poll(() => get('/api/photos/1/analysis'), WAIT).toContain('A brown dog runs along a beach')
      // a key that is refused pauses the lane with a reason that does not quote it
      provider.misbehave = () => ({ kind: 'status', status: 401, body: { error: { message: `Incorrect API key provided: ${KEY}` } } })
      await askJson(`${program.url}/api/describe/run`, { which: 'all' })
      await expect.poll(() => get('/api/describe'), WAIT).toContain('the key is missing, wrong')
      // nor does it hold up what looks at pictures here
      await upload(program.url, 'another.jpg', await sharp(jpeg).flop().jpeg().toBuffer())
      await expect.poll(() => get('/api/photos/2'), WAIT).toContain('"state":"completed"')
      for (const path of ['/health', '/api/stats', '/api/photos/1', '/photo/1', '/openapi.json', '/api/progress']) await get(path)
      await program.stop()
      printed = program.output()
    }
    expect(provider.calls.length).toBeGreaterThanOrEqual(2)
    for (const call of provider.calls) {
      expect(call.headers.authorization).toBe(`Bearer ${KEY}`)
      expect(`${call.bytes} ${JSON.stringify(call.headers)}`).not.toMatch(/holiday|SECRET PLACE/)
    }
    for (const text of [...answers, printed]) expect(text).not.toContain(KEY)
    const files = (await readdir(dataDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(10)
    for (const file of files) expect((await readFile(join(file.parentPath, file.name))).includes(KEY), file.name).toBe(false)
  } finally {
    await rm(secrets, { recursive: true, force: true })
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}, 400_000)
