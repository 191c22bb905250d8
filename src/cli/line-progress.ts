/** @file One line that says how far something is: rewritten on a terminal, now and then a new one elsewhere. */
import type { CliContext } from './context.ts'
import { toPlainText } from './format.ts'

const REDRAW_MS = 100
/** Between two lines where there is no terminal to draw on. */
const LINE_INTERVAL_MS = 10_000

export interface LineProgress {
  update(text: string): void
  stop(): void
}

export function createLineProgress({ deps: { stderr, isTty } }: CliContext): LineProgress {
  let last = ''
  let lastAt = Number.NEGATIVE_INFINITY
  return {
    update(text) {
      const now = performance.now()
      if (text === last || now - lastAt < (isTty ? REDRAW_MS : LINE_INTERVAL_MS)) return
      stderr.write(isTty ? `\r\u001b[2K${toPlainText(text)}` : `${toPlainText(text)}\n`)
      last = text
      lastAt = now
    },
    stop() {
      if (isTty && last !== '') stderr.write('\r\u001b[2K')
    },
  }
}
