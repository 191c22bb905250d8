import { describe, expect, it } from 'vitest'
import { wantsHtml } from './negotiate.ts'

describe('wantsHtml', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['text/*', false],
    ['text/html', true],
    ['TEXT/HTML;Q=1', true],
    ['text/html;q=0', false],
    ['text/html;q=x', false],
    ['text/html;q=0.8,application/json;q=0.9', false],
    ['application/json;q=0.5, text/html;charset=utf-8;q=0.5', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/json, text/plain, */*', false],
  ])('%j → %j', (accept, html) => expect(wantsHtml(accept)).toBe(html))

  it('gives way to ?format=', () => {
    expect(wantsHtml('text/html', 'json')).toBe(false)
    expect(wantsHtml('application/json', 'html')).toBe(true)
    expect(wantsHtml('text/html', 'xml')).toBe(true)
  })
})
