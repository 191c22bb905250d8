/** @file The gallery of a million photos in Chromium (quality target A15): first paint, the main thread’s tasks while scrolling and at date jumps, heap. */
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/support/browser.ts'
import { buildPage } from '../test/support/build-page.ts'
import { startFakeApi } from '../test/support/fake-api.ts'
import { loadPictures } from '../test/support/fake-pictures.ts'
import type { Benchmark, Row } from './row.ts'

const COUNT = 1_000_000
/** wheel turns of half a screen, about as fast as a hand */
const TURNS = 120
const TURN_MS = 60
const JUMPS = 20
/** photos of a jump come in, are laid out and drawn */
const JUMP_MS = 900

const PAINTED = "(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null)"
const HEAP = '(performance.memory?.usedJSHeapSize ?? 0)'

/** What the page’s main thread did at a stretch, as Chromium’s own trace tells it. */
interface Task {
  readonly wallMs: number
  /** what it cost, whoever else wanted the processor meanwhile */
  readonly processorMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** µs */
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** The tasks of the page’s main thread while `act` runs. */
async function watchTasks(page: Page, act: () => Promise<void>): Promise<Task[]> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', '__metadata'] } })
  await act()
  const complete = new Promise<void>((done) => session.once('Tracing.tracingComplete', () => done()))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  const threads = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`),
  )
  return events
    .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && threads.has(`${pid}/${tid}`))
    .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1000, processorMs: tdur / 1000 }))
}

function describeTasks(label: string, tasks: readonly Task[]): Row[] {
  const longest = (of: (task: Task) => number) => tasks.reduce((most, task) => Math.max(most, of(task)), 0)
  return [
    { label: `${label}: longest task, processor time`, value: longest((task) => task.processorMs), unit: 'ms' },
    { label: `${label}: tasks of 50 ms and more, processor time`, value: tasks.filter((task) => task.processorMs >= 50).length, unit: '' },
    { label: `${label}: longest task, by the clock`, value: longest((task) => task.wallMs), unit: 'ms' },
    { label: `${label}: tasks of 50 ms and more, by the clock`, value: tasks.filter((task) => task.wallMs >= 50).length, unit: '' },
  ]
}

async function jump(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Date' })
  const box = await slider.boundingBox()
  if (!box) throw new Error('the page shows no date slider')
  for (let count = 0; count < JUMPS; count++) {
    // spread over the whole library, never twice in one order
    const share = ((count * 7) % JUMPS) / JUMPS + 0.5 / JUMPS
    await page.mouse.click(box.x + box.width / 2, box.y + box.height * share)
    await page.waitForTimeout(JUMP_MS)
  }
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.move(600, 500)
  for (let turn = 0; turn < TURNS; turn++) {
    await page.mouse.wheel(0, 450)
    await page.waitForTimeout(TURN_MS)
  }
  await page.waitForTimeout(JUMP_MS)
}

export async function run(): Promise<Benchmark> {
  buildPage()
  const pictures = await loadPictures()
  const api = await startFakeApi({ pictures, count: COUNT })
  try {
    await using browser = await openBrowser({ viewport: { width: 1440, height: 900 } })
    const page = await browser.context.newPage()
    const opened = await watchTasks(page, async () => {
      await page.goto(api.url)
      await page.locator('[data-photo] img[data-loaded]').first().waitFor()
    })
    const painted = (await page.evaluate<number | null>(PAINTED)) ?? 0
    const scrolled = await watchTasks(page, () => scroll(page))
    const jumped = await watchTasks(page, () => jump(page))
    return {
      name: 'gallery',
      rows: [
        { label: 'first paint', value: painted, unit: 'ms' },
        ...describeTasks('opening', opened),
        ...describeTasks(`scrolling, ${TURNS} half screens`, scrolled),
        ...describeTasks(`${JUMPS} date jumps`, jumped),
        { label: 'heap at the end', value: (await page.evaluate<number>(HEAP)) / 1e6, unit: 'MB' },
      ],
      notes: [
        `${COUNT} photos, ${pictures.length} pictures; the library behind the page is a small stand-in on the same cores, Chromium draws without a GPU`,
      ],
    }
  } finally {
    await api.close()
  }
}
