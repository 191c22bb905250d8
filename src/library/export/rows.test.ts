import { expect, it } from 'vitest'
import { type ExportRow, ROW_WRITERS } from './rows.ts'

const row = {
  id: 7,
  filename: 'a "b", c.jpg',
  title: '=1+1',
  tags: ['dog', 'sea'],
  favourite: true,
  caption: null,
  text: 'two\nlines',
} as unknown as ExportRow
const columns = ['id', 'filename', 'title', 'tags', 'favourite', 'caption', 'text'] as const

it('CSV quotes, joins lists, and lets no cell be a formula', () => {
  const { head, row: write } = ROW_WRITERS.csv
  expect(head(columns)).toBe('id,filename,title,tags,favourite,caption,text\r\n')
  expect(write(row, columns, true)).toBe(`7,"a ""b"", c.jpg",'=1+1,dog; sea,true,,"two\nlines"\r\n`)
})

it('JSON is one array, also of none', () => {
  const { head, row: write, tail } = ROW_WRITERS.json
  expect(JSON.parse(head(columns) + tail)).toEqual([])
  expect(JSON.parse(head(columns) + write(row, columns, true) + write(row, columns, false) + tail)).toEqual([row, row])
})
