import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { currentToasts, hideToast, holdToasts, showToast } from './toasts.ts'

const texts = () => currentToasts().map(({ text }) => text)
const undo = async () => 'taken back'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  for (const { key } of currentToasts()) hideToast(key)
  vi.useRealTimers()
})

it('what was done is told for a while, with a way back for longer; what went wrong stays until it is closed', () => {
  showToast({ text: 'added' })
  showToast({ text: 'deleted', undo })
  showToast({ text: 'failed', tone: 'danger' })
  vi.advanceTimersByTime(8_000)
  expect(texts()).toEqual(['deleted', 'failed'])
  vi.advanceTimersByTime(12_000)
  expect(texts()).toEqual(['failed'])
  vi.advanceTimersByTime(3_600_000)
  expect(texts()).toEqual(['failed'])
})

it('nothing vanishes while somebody is at it, and then has its whole time again', () => {
  showToast({ text: 'added' })
  vi.advanceTimersByTime(7_000)
  holdToasts(true)
  showToast({ text: 'deleted', undo })
  vi.advanceTimersByTime(3_600_000)
  expect(texts()).toEqual(['added', 'deleted'])
  holdToasts(false)
  vi.advanceTimersByTime(7_000)
  expect(texts()).toEqual(['added', 'deleted'])
  vi.advanceTimersByTime(1_000)
  expect(texts()).toEqual(['deleted'])
})

it('closing the one that is pointed at lets go of the others: no event says that the pointer left', () => {
  showToast({ text: 'one' })
  showToast({ text: 'two' })
  holdToasts(true)
  hideToast(currentToasts()[1]?.key ?? 0)
  vi.advanceTimersByTime(8_000)
  expect(texts()).toEqual([])
})

it('three stand at most: errors give way last, and the same error stands once', () => {
  showToast({ text: 'no room on the disk', tone: 'danger' })
  for (const text of ['one', 'two', 'three']) showToast({ text })
  expect(texts()).toEqual(['no room on the disk', 'two', 'three'])
  showToast({ text: 'no room on the disk', tone: 'danger' })
  expect(texts()).toEqual(['two', 'three', 'no room on the disk'])
  for (const text of ['a', 'b', 'c']) showToast({ text, tone: 'danger' })
  expect(texts()).toEqual(['a', 'b', 'c'])
})
