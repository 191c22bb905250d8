import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Progress } from '../contract/library.ts'
import { createProgressView, describeProgress, followProgress } from './progress-view.ts'

const idle: Progress = {
  photos: 340,
  done: 340,
  failed: 0,
  partial: 0,
  due: 0,
  upgrade: { photos: 0, seconds: 0, paused: false },
  per_second: null,
  seconds_left: null,
  scanning: [],
  working_on: [],
  notices: [],
}
const busy: Progress = { ...idle, done: 120, due: 220, failed: 2, per_second: 1.42, seconds_left: 155 }

function collect() {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { stream, lines }
}

describe('describeProgress', () => {
  it('tells done, total, rate, time left and failures', () => {
    expect(describeProgress(busy)).toBe('120/340 photos · 1.4/s · 3 min left · 2 failed')
    expect(describeProgress(idle)).toBe('340/340 photos')
    expect(describeProgress({ ...idle, upgrade: { photos: 12, seconds: 7200, paused: true } })).toBe(
      '340/340 photos · 12 photos to re-read for newer models or versions (about 2 h 0 min, paused)',
    )
    expect(describeProgress({ ...idle, scanning: [{ path: '/a', seen: 7 }] })).toBe('340/340 photos · looking through /a: 7 seen')
  })
})

describe('createProgressView', () => {
  it('writes a line now and then where there is no terminal, and the last one when all is done', () => {
    let clock = 0
    const { stream, lines } = collect()
    const view = createProgressView(stream, false, () => clock)
    view.update(idle) // nothing happened yet: nothing to say
    view.update(busy)
    view.update({ ...busy, done: 121 })
    clock += 10_000
    view.update({ ...busy, done: 130 })
    view.update(idle)
    view.update(idle)
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['120/340', '130/340', '340/340'])
  })

  it('draws a bar on a terminal and leaves it complete', () => {
    const { stream, lines } = collect()
    const view = createProgressView(stream, true)
    view.update(busy)
    view.update(idle)
    view.stop()
    expect(lines.join('')).toContain('120/340 photos')
    expect(lines.join('')).toContain('340/340 photos')
  })
})

describe('followProgress', () => {
  it('reads until it is done', async () => {
    const answers = [busy, busy, idle]
    let reads = 0
    const last = await followProgress(async () => answers[reads++] ?? idle, createProgressView(collect().stream, false), {
      isDone: (progress) => progress.due === 0,
      intervalMs: 1,
    })
    expect(last).toEqual(idle)
    expect(reads).toBe(3)
  })
})
