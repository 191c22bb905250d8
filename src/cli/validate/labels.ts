/** @file What a person says is right of pictures in a folder: `labels.csv` beside them. */
import { readCsv } from '../../domain/csv.ts'
import { FototecaError } from '../../domain/errors.ts'

export const LABELS_FILE = 'labels.csv'
const COLUMNS = ['file', 'tags', 'categories', 'words', 'people', 'duplicates', 'queries'] as const
type Column = (typeof COLUMNS)[number]

/** null: not labelled, so it is not checked */
export interface Label {
  readonly file: string
  readonly tags: readonly string[] | null
  readonly categories: readonly string[] | null
  readonly words: readonly string[] | null
  /** whose faces are in it */
  readonly people: readonly string[] | null
  /** name of the group of pictures that are copies of each other */
  readonly duplicates: string | null
  /** searches that must find it */
  readonly queries: readonly string[] | null
}

export const LABELS_HELP = `Put the pictures and a ${LABELS_FILE} into one folder. Its heading is file and any of ${COLUMNS.slice(1).join(', ')}.
Several values in a cell stand with | between; “-” says that there is none; an empty cell is not checked.

  file,tags,categories,words,people,duplicates,queries
  dog.jpg,dog|grass,animals,-,-,,a dog on the grass
  receipt.jpg,,documents,TOTAL|12.50,,,receipt
  party.jpg,,people,,Ada|Ben,party,two friends laughing
  party-small.jpg,,,,,party,
  ada.jpg,,,,Ada,,`

/** @throws FototecaError `invalid` with what must be changed */
export function readLabels(text: string): Label[] {
  const [heading = [], ...rows] = readCsv(text)
  const names = heading.map((name) => name.trim().toLowerCase())
  const wrong = names.filter((name) => !(COLUMNS as readonly string[]).includes(name))
  if (wrong.length > 0 || !names.includes('file'))
    throw new FototecaError(
      'invalid',
      `${LABELS_FILE}: ${wrong.length > 0 ? `unknown column ${wrong.join(', ')}` : 'no column file'}. ${LABELS_HELP}`,
    )
  const labels = rows.map((row) => {
    const cell = (column: Column) => row[names.indexOf(column)]?.trim() ?? ''
    const list = (column: Column) => {
      const text = cell(column)
      if (text === '') return null
      const values = text.split('|').map((value) => value.trim())
      return text === '-' ? [] : values.filter((value) => value !== '')
    }
    const duplicates = cell('duplicates')
    return {
      file: cell('file'),
      tags: list('tags'),
      categories: list('categories'),
      words: list('words'),
      people: list('people'),
      duplicates: duplicates === '' || duplicates === '-' ? null : duplicates,
      queries: list('queries'),
    }
  })
  if (labels.length === 0) throw new FototecaError('invalid', `${LABELS_FILE} names no picture. ${LABELS_HELP}`)
  const unnamed = labels.findIndex(({ file }) => file === '')
  if (unnamed >= 0) throw new FototecaError('invalid', `${LABELS_FILE}: row ${unnamed + 2} names no file`)
  return labels
}
