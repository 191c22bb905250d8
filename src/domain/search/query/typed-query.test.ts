import { describe, expect, it } from 'vitest'
import { SEARCH_FILTERS } from '../../../contract/search-filters.ts'
import { findTypedFilters, listTypedKeys, parseTyped, quoteTyped } from './typed-query.ts'

const TODAY = '2026-11-22'
const read = (q: string) => parseTyped(q, SEARCH_FILTERS, TODAY)
/** what each chip demands, a minus in front where it is turned round */
const demands = (q: string) =>
  read(q).chips.map(({ isNot, demand }) => {
    const what =
      demand.kind === 'names'
        ? Object.fromEntries(demand.filters.map((filter) => [filter, demand.names]))
        : demand.kind === 'filters'
          ? demand.any
          : 'words'
    return isNot ? { not: what } : what
  })

describe('what becomes a chip', () => {
  it.each<[string, unknown]>([
    ['person:anna', { people: ['anna'] }],
    ['Person:"Anna Smith",tom', { people: ['Anna Smith', 'tom'] }],
    ['-person:anna', { not: { people: ['anna'] } }],
    ['in:"New York"', { city: ['New York'], country: ['New York'] }],
    ['in:“Oslo”', { city: ['Oslo'], country: ['Oslo'] }],
    ['in:"new yo', { city: ['new yo'], country: ['new yo'] }],
    ['city:rome', { city: ['rome'] }],
    ['country:italy', { country: ['italy'] }],
    ['tag:dog', { tag: ['dog'] }],
    ['camera:X-T4', { camera: ['X-T4'] }],
    ['category:food', { category: ['food'] }],
    ['color:red,blue', { colour: ['red', 'blue'] }],
    ['tag:狗', { tag: ['狗'] }],
    ['has:text', [{ has_text: true }]],
    ['-has:faces', { not: [{ has_faces: true }] }],
    ['is:favorite', [{ favourite: true }]],
    ['IS:Landscape', [{ orientation: ['landscape'] }]],
    ['format:HEIC,png', [{ format: ['heic', 'png'] }]],
    ['format:jpg', [{ format: ['jpeg'] }]],
    ['state:failed', [{ state: ['failed'] }]],
    ['rating:>=3', [{ rating: '3-' }]],
    ['rating:>3', [{ rating: '4-' }]],
    ['rating:<3', [{ rating: '-2' }]],
    ['rating:<=3', [{ rating: '-3' }]],
    ['rating:=3', [{ rating: '3' }]],
    ['stars:3+', [{ rating: '3-' }]],
    ['faces:2..4', [{ faces: '2-4' }]],
    ['faces:1,3', [{ faces: '1' }, { faces: '3' }]],
    ['mp:>12.5', [{ megapixels: '12.5-' }]],
    ['near:59.91,10.75,25', [{ near: '59.91,10.75,25' }]],
    ['near:"-59.91, 10.75"', [{ near: '-59.91,10.75' }]],
    ['before:2024', [{ to: '2023-12-31' }]],
    ['after:2023-05', [{ from: '2023-06-01' }]],
    ['since:2023-05', [{ from: '2023-05-01' }]],
    ['until:2023-05', [{ to: '2023-05-31' }]],
    ['on:2023-05-14', [{ from: '2023-05-14', to: '2023-05-14' }]],
    ['on:"last month"', [{ from: '2026-10-01', to: '2026-10-31' }]],
    ['during:2020..2022', [{ from: '2020-01-01', to: '2022-12-31' }]],
    ['-on:yesterday', { not: [{ from: '2026-11-21', to: '2026-11-21' }] }],
    ['last month', [{ from: '2026-10-01', to: '2026-10-31' }]],
    ['2 years ago', [{ from: '2024-01-01', to: '2024-12-31' }]],
    ['-dog', { not: 'words' }],
    ['"exact words"', 'words'],
    ['"no end', 'words'],
  ])('%s', (q, expected) => expect(demands(q)).toEqual([expected]))
})

describe('what stays plain words', () => {
  it.each([
    'dog',
    'http://example.com',
    '12:30',
    'Total:12.00',
    'unknown:thing',
    'person:',
    'person:""',
    'tag:,',
    'rating:many',
    'rating:3-x',
    'rating:<0',
    'faces:>',
    'has:wings',
    'is:',
    'is:what',
    'format:docx',
    'format:jpeg,docx',
    'state:happy',
    'before:soon',
    'before:2023-02-30',
    'on:31',
    'near:oslo',
    'near:99,10',
    'near:1,2,0',
    'from:2024-01-01',
    'hide:duplicates',
    'word:"quoted',
    ':',
    '::',
    '-',
    '--',
    '"',
    '""',
    '-""',
    '- dog',
    'dog -',
    'x"y',
    'tag',
    'last',
    'last dog',
    '-last month',
    'today',
    '"',
  ])('%s', (q) => {
    const { chips, words, plain } = read(q)
    expect(chips.filter(({ demand }) => demand.kind !== 'words')).toEqual([])
    if (chips.length === 0) expect([words, plain]).toEqual([q, q])
  })
})

it('says which filters it could not read', () => {
  expect(read('sea before:soon rating:many -near:999,9 tag:dog').misread).toEqual(['before:soon', 'rating:many', '-near:999,9'])
  for (const q of ['before:', 'tag:""', 'http://a.b', '12:30', 'unknown:thing', 'tag:dog', 'before:2024'])
    expect(read(q).misread, q).toEqual([])
})

it('reads NOT and OR in capitals', () => {
  expect(demands('NOT dog')).toEqual(['words'].map((not) => ({ not })))
  expect(read('beach NOT dog')).toMatchObject({ words: 'beach -dog', plain: 'beach' })
  expect(read('NOT "red hat"').words).toBe('-"red hat"')
  expect(demands('NOT tag:dog')).toEqual([{ not: { tag: ['dog'] } }])
  expect(read('dog OR cat')).toMatchObject({ chips: [], words: 'dog OR cat', plain: 'dog OR cat' })
  const [either, ...more] = read('sea tag:dog OR has:text OR person:anna tag:x').chips
  expect(either).toMatchObject({ text: 'tag:dog OR has:text OR person:anna', start: 4, value: 'Tag dog or Has text or People anna' })
  expect(either?.demand).toMatchObject({ kind: 'either', of: [{ names: ['dog'] }, { kind: 'filters' }, { names: ['anna'] }] })
  expect(more).toHaveLength(1)
  // with nothing on one side, or something left out, they are words like others
  for (const q of ['NOT', 'OR', 'dog NOT', 'OR dog', 'not dog', 'dog or cat', 'NOT NOT']) expect(read(q).chips.length, q).toBeLessThan(2)
  expect(read('tag:a OR -tag:b').chips).toHaveLength(2)
})

it('parts filters, words with a sign, and plain words; nothing is lost', () => {
  const { chips, words, plain } = read('beach person:anna  -dog "red hat" before:2024 last week sunset')
  expect(chips.map(({ label, value, isNot }) => `${isNot ? 'not ' : ''}${label} ${value}`.trim())).toEqual([
    'People anna',
    'not  dog',
    'red hat',
    'Taken before 2024',
    'Taken last week',
  ])
  expect(words).toBe('beach -dog "red hat" sunset')
  expect(plain).toBe('beach sunset')
})

it('says where each chip stands', () => {
  const q = 'a tag:dog  -"b c" last month'
  for (const { text, start } of read(q).chips) expect(q.slice(start, start + text.length)).toBe(text)
})

it('keeps its limits, and what is beyond them as words', () => {
  const many = Array.from({ length: 40 }, (_, i) => `tag:t${i}`)
  expect(read(many.join(' ')).chips).toHaveLength(24)
  expect(read(many.join(' ')).words.split(' ')).toHaveLength(16)
  expect(demands(`tag:${many.join(',')}`)).toMatchObject([{ tag: expect.objectContaining({ length: 20 }) }])
})

it('reads anything without an error, whatever is typed', () => {
  const signs = ['"', '-', ':', ',', ' ', 'tag', 'person:', '>=', '..', '\u0000', '“', '狗', 'last month', '\n', '\\', "'"]
  for (let i = 0; i < 3000; i++) {
    const q = Array.from({ length: 1 + (i % 9) }, (_, j) => signs[(i * 7 + j * (1 + (i % 13))) % signs.length]).join('')
    const { chips, words } = read(q)
    for (const chip of chips) expect(chip.text.length).toBeGreaterThan(0)
    expect(words.length).toBeLessThanOrEqual(q.length)
  }
})

it('lists keys for suggestions, each of which it understands', () => {
  const keys = listTypedKeys(SEARCH_FILTERS)
  expect(keys.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['person:', 'in:', 'tag:', 'has:text', 'is:favourite', 'before:', 'rating:']),
  )
  for (const { text } of keys.filter((key) => !key.text.endsWith(':'))) expect(demands(text)).toHaveLength(1)
  expect(findTypedFilters('IN', SEARCH_FILTERS)).toEqual(['city', 'country'])
  expect(findTypedFilters('before', SEARCH_FILTERS)).toEqual([])
})

it('writes a value so that it is read back', () => {
  for (const name of ['anna', 'Anna Smith', 'a,b', 'x "y" z']) expect(demands(`person:${quoteTyped(name)}`)).toHaveLength(1)
  expect(quoteTyped('Anna Smith')).toBe('"Anna Smith"')
})
