/** @file The gallery of a million photos in Chromium (quality target A15): first paint, long tasks while scrolling and at date jumps, heap. */
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/support/browser.ts'
import { startFakeApi } from '../test/support/fake-api.ts'
import { loadPictures } from '../test/support/fake-pictures.ts'
import type { Benchmark, Row } from './row.ts'

const COUNT = 1_000_000
const PICTURES = 24
/** wheel turns of half a screen, about as fast as a hand */
const TURNS = 120
const TURN_MS = 60
const JUMPS = 20
/** photos of a jump come in, are laid out and drawn */
const JUMP_MS = 900

// run in the page; as text, because this file knows no DOM. The browser itself calls a task of 50 ms and more long.
const WATCH = `(() => {
  window.longTasks = []
  new PerformanceObserver((list) => { for (const task of list.getEntries()) window.longTasks.push(task.duration) })
    .observe({ type: 'longtask', buffered: true })
})()`
const TAKE = '(() => { const taken = window.longTasks; window.longTasks = []; return taken })()'
const PAINTED = "(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null)"
const HEAP = '(performance.memory?.usedJSHeapSize ?? 0)'

/** Tasks under 50 ms are not told; a share of none is 0. */
function describeTasks(label: string, tasks: readonly number[]): Row[] {
  const sorted = tasks.toSorted((a, b) => a - b)
  return [
    { label: `${label}: long tasks (50 ms and more)`, value: tasks.length, unit: '' },
    { label: `${label}: longest`, value: sorted.at(-1) ?? 0, unit: 'ms' },
    { label: `${label}: p99 of the long ones`, value: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0, unit: 'ms' },
  ]
}

async function jump(page: Page): Promise<number[]> {
  const slider = page.getByRole('slider', { name: 'Date' })
  const box = await slider.boundingBox()
  if (!box) throw new Error('the page shows no date slider')
  for (let count = 0; count < JUMPS; count++) {
    // spread over the whole library, never twice in one order
    const share = ((count * 7) % JUMPS) / JUMPS + 0.5 / JUMPS
    await page.mouse.click(box.x + box.width / 2, box.y + box.height * share)
    await page.waitForTimeout(JUMP_MS)
  }
  return page.evaluate<number[]>(TAKE)
}

async function scroll(page: Page): Promise<number[]> {
  await page.mouse.move(600, 500)
  for (let turn = 0; turn < TURNS; turn++) {
    await page.mouse.wheel(0, 450)
    await page.waitForTimeout(TURN_MS)
  }
  await page.waitForTimeout(JUMP_MS)
  return page.evaluate<number[]>(TAKE)
}

export async function run(): Promise<Benchmark> {
  const api = await startFakeApi({ pictures: await loadPictures(PICTURES), count: COUNT })
  try {
    await using browser = await openBrowser({ viewport: { width: 1440, height: 900 } })
    const page = await browser.context.newPage()
    await page.addInitScript(WATCH)
    await page.goto(api.url)
    await page.locator('[data-photo] img[data-loaded]').first().waitFor()
    const painted = (await page.evaluate<number | null>(PAINTED)) ?? 0
    const start = await page.evaluate<number[]>(TAKE)
    const scrolled = await scroll(page)
    const jumped = await jump(page)
    return {
      name: 'gallery',
      rows: [
        { label: 'first paint', value: painted, unit: 'ms' },
        ...describeTasks('opening', start),
        ...describeTasks(`scrolling, ${TURNS} half screens`, scrolled),
        ...describeTasks(`${JUMPS} date jumps`, jumped),
        { label: 'heap at the end', value: (await page.evaluate<number>(HEAP)) / 1e6, unit: 'MB' },
      ],
      notes: [
        `${COUNT} photos, ${PICTURES} pictures; the library behind the page is a small stand-in on the same cores, Chromium draws without a GPU`,
      ],
    }
  } finally {
    await api.close()
  }
}
