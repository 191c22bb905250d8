import { expect, it } from 'vitest'
import { makeSnippet } from './snippet.ts'

const show = (text: string, ...words: string[]) =>
  makeSnippet('text', text, words)
    ?.parts.map(({ text, is_match }) => (is_match ? `[${text}]` : text))
    .join('') ?? null

it('shows the words in their place, and cuts long texts at blanks around them', () => {
  expect(show('Total: 12.00\nthank you', 'Total')).toBe('[Total]: 12.00 thank you')
  const long = show(`${'before '.repeat(30)}mango juice ${'after '.repeat(40)}`, 'mango', 'juice') ?? ''
  expect(long).toMatch(/^… before .*\[mango\] \[juice\] after .* …$/)
  expect(long.length).toBeLessThan(150)
})

it('marks whole words only, and runs of words as one', () => {
  expect(show('cat category cat', 'cat')).toBe('[cat] category [cat]')
  expect(show('Café Zürich, Café', 'Café Zürich')).toBe('[Café Zürich], Café')
  expect(show('東京都庁', '東京都庁')).toBe('[東京都庁]')
})

it('takes the longest of runs that begin alike, over signs between, and says where there is none', () => {
  expect(show('hot dog, hot-dog stand; hot', 'hot', 'hot dog stand', 'hot dog')).toBe('[hot dog], [hot-dog stand]; [hot]')
  expect(show('nothing here', 'mango')).toBeNull()
  expect(show('nothing here')).toBeNull()
})
