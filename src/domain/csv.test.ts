import { expect, it } from 'vitest'
import { readCsv, writeCsvRow } from './csv.ts'
import { FototecaError } from './errors.ts'

it('reads quotes, line ends within cells, and a byte order mark, and leaves out empty rows', () => {
  expect(readCsv('\ufeffsku,name\r\n"A ""1""","two\nlines, one cell"\n\n B ,\n , \n')).toEqual([
    ['sku', 'name'],
    ['A "1"', 'two\nlines, one cell'],
    [' B ', ''],
  ])
  expect(readCsv('')).toEqual([])
})

it.each([';', '\t'])('takes %j between cells where the heading has it', (delimiter) => {
  expect(readCsv(`sku${delimiter}name\na${delimiter}b, c`)).toEqual([
    ['sku', 'name'],
    ['a', 'b, c'],
  ])
})

it('takes rows of other lengths, every kind of line end, and quotes that begin no cell', () => {
  expect(readCsv('a,b\r1\r\n2,3,4\n5" tall,6')).toEqual([['a', 'b'], ['1'], ['2', '3', '4'], ['5" tall', '6']])
})

it('refuses a quoted cell without an end', () => {
  expect(() => readCsv('sku,name\n"A,1\nB,2')).toThrow(
    new FototecaError('invalid', 'csv: a quotation mark that opens a cell is never closed'),
  )
})

it('writes nothing that a spreadsheet would run', () => {
  expect(writeCsvRow(['=1+1', 'a,b', 'say "x"', null, 3, '-5'])).toBe('\'=1+1,"a,b","say ""x""",,3,\'-5\r\n')
})
