/** @file The last searches of this browser, newest first. */
const KEY = 'fototeca-recent'
const MOST = 8

export function readRecent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

export function keepRecent(q: string): void {
  const text = q.trim()
  if (text === '') return
  localStorage.setItem(KEY, JSON.stringify([text, ...readRecent().filter((each) => each !== text)].slice(0, MOST)))
}

export function forgetRecent(): void {
  localStorage.removeItem(KEY)
}
