/** @file Three hostile pictures at once at each door of the real program: what it and its processes hold stays within rest and the budget. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAnother, makeFrame, makeProgressive, TOO_LARGE } from '../support/hostile-zoo.ts'
import { photoPath } from '../support/pictures.ts'
import { sendForm } from '../support/products.ts'
import { type Program, startProgram, until, upload } from '../support/program.ts'
import { NEEDS_LINUX } from '../support/skip-reasons.ts'
import { readTreeHeld, watchTree } from '../support/tree-memory.ts'

const MB = 1_000_000
const BUDGET_MB = 350
/** Beside decodes: what analysis makes of pictures, requests, garbage not collected yet. */
const MARGIN = 200 * MB

interface Refusal {
  readonly error?: { readonly code: string; readonly message: string }
}

/** 4096² in 1 kB: 260 MB each, of which one fits at a time */
let large: Buffer
let sound: Buffer
beforeAll(async () => {
  large = await makeFrame(4096)
  sound = await readFile(photoPath('cat'))
})

interface Photos {
  readonly photos: readonly { readonly state: string }[]
}
/** @returns their states */
const untilAnalysed = async (url: string, count: number) => {
  const isDone = ({ photos }: Photos) =>
    photos.length === count && photos.every(({ state }) => ['completed', 'partial', 'failed'].includes(state))
  return (await until<Photos>(`${url}/api/photos`, isDone, 150_000)).photos.map(({ state }) => state)
}

describe.skipIf(process.platform !== 'linux')('the memory of the program', { meta: NEEDS_LINUX }, () => {
  let program: Program
  let rest = 0
  const ask = (path: string, bytes: Buffer) => sendForm<Refusal>(program.url + path, makeAnother(bytes), 'a.avif')
  const DOORS = ['/api/products/check', '/api/search/by-picture'] as const

  beforeAll(async () => {
    program = await startProgram({ env: { FOTOTECA_DECODE_MEMORY_MB: String(BUDGET_MB) } })
    // every process is up, and every model loaded
    await upload(program.url, 'cat.jpg', sound)
    for (const door of DOORS) expect((await ask(door, sound)).status).toBe(200)
    await untilAnalysed(program.url, 1)
    rest = readTreeHeld(program.pid)
  })
  afterAll(() => program?.[Symbol.asyncDispose]())

  it.each(DOORS)('stays within rest and the budget: three at once at %s', async (door) => {
    const { result, peak } = await watchTree(program.pid, () => Promise.all([1, 2, 3].map(() => ask(door, large))))
    expect(result.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(peak - rest).toBeGreaterThan(120 * MB)
    expect(peak - rest).toBeLessThan(BUDGET_MB * MB + MARGIN)
  })

  it('stays within rest and the budget: three uploads at once', async () => {
    const { result, peak } = await watchTree(program.pid, async () => {
      await Promise.all([1, 2, 3].map((index) => upload(program.url, `${index}.avif`, makeAnother(large))))
      return untilAnalysed(program.url, 4)
    })
    expect(result).toEqual(new Array(4).fill('completed'))
    expect(peak - rest).toBeLessThan(BUDGET_MB * MB + MARGIN)
  })

  it('refuses by the header what would take more than all of it, and holds nothing for it', async () => {
    // what was analysed just now left more behind than there was at the start
    const before = readTreeHeld(program.pid)
    const bomb = Buffer.from(await (TOO_LARGE[0]?.make() ?? Buffer.alloc(0)))
    const { result, peak } = await watchTree(program.pid, () => Promise.all(DOORS.flatMap((door) => [1, 2, 3].map(() => ask(door, bomb)))))
    for (const { status, body } of result) {
      expect(status).toBeGreaterThanOrEqual(413)
      expect(JSON.stringify(body)).toMatch(/megapixels|FOTOTECA_DECODE_MEMORY_MB/)
    }
    expect(peak - before).toBeLessThan(MARGIN)
  })
})

describe.skipIf(process.platform !== 'linux')('where every header lies', { meta: NEEDS_LINUX }, () => {
  it('what takes too much is refused with a sentence, what was sent beside it is answered, and the library goes on', async () => {
    const preload = new URL('../support/estimate-too-little.ts', import.meta.url).href
    await using program = await startProgram({
      env: { FOTOTECA_DECODE_MEMORY_MB: '100', NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${preload}` },
    })
    // takes 600 MB
    const lying = await makeProgressive(10_000)
    const check = (bytes: Buffer) => sendForm<Refusal>(`${program.url}/api/products/check`, bytes, 'a.avif')
    const [bad, worse, good] = await Promise.all([check(lying), check(makeAnother(lying)), check(sound)])
    for (const { status, body } of [bad, worse]) {
      expect(status).toBe(413)
      expect(JSON.stringify(body)).toMatch(/needed more memory than \d+ MB.*FOTOTECA_DECODE_MEMORY_MB/)
    }
    expect(good.status).toBe(200)
    expect((await check(sound)).status).toBe(200)
  })
})
