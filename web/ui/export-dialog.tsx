/** @file Exports photos: facts as a table or JSON, pictures as a ZIP. Used wherever there is a list of photos. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExportColumn, ExportFormat, ExportRequest } from '../../src/contract/exports.ts'
import { countOf } from '../../src/domain/count-of.ts'
import { callApi } from '../lib/api-client.ts'
import { formatBytes } from '../lib/format.ts'
import { startDownload } from '../lib/start-download.ts'
import { showToast } from '../lib/toasts.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Notice } from './notice.tsx'

const FORMATS: Readonly<Record<ExportFormat, readonly [string, string]>> = {
  csv: ['Table (CSV)', 'One line a photo, for spreadsheets.'],
  json: ['JSON', 'For programs.'],
  'zip-originals': ['Originals (ZIP)', 'The files as they came.'],
  'zip-previews': ['Previews (ZIP)', 'Smaller pictures, 1440 pixels.'],
}
/** what most people ask for; the rest is one click away */
const USUAL: readonly ExportColumn[] = [
  'id',
  'filename',
  'day',
  'title',
  'caption',
  'tags',
  'people',
  'albums',
  'rating',
  'city',
  'country',
  'paths',
]
const COLUMNS: Readonly<Record<ExportColumn, string>> = {
  id: 'number',
  filename: 'file name',
  day: 'day',
  taken_at: 'time taken',
  title: 'title',
  caption: 'caption',
  alt_text: 'alternative text',
  tags: 'tags',
  categories: 'categories',
  people: 'people',
  albums: 'albums',
  rating: 'rating',
  favourite: 'favourite',
  text: 'text in the picture',
  city: 'city',
  country: 'country',
  latitude: 'latitude',
  longitude: 'longitude',
  camera: 'camera',
  lens: 'lens',
  width: 'width',
  height: 'height',
  format: 'format',
  bytes: 'bytes',
  sha256: 'SHA-256',
  paths: 'paths',
  state: 'state',
}

interface ExportDialogProps {
  readonly what: ExportRequest['photos']
  readonly count: number
  readonly onClose: () => void
}

export function ExportDialog({ what, count, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('csv')
  const [columns, setColumns] = useState<readonly ExportColumn[]>(USUAL)
  const hasColumns = format === 'csv' || format === 'json'
  const prepare = useMutation({
    mutationFn: () => callApi('prepareExport', { body: { photos: what, format, ...(hasColumns ? { columns: [...columns] } : {}) } }),
    onSuccess: ({ path, photos, missing, bytes }) => {
      startDownload(path)
      const left = missing > 0 ? `; ${countOf(missing, 'picture is', 'pictures are')} not there` : ''
      showToast({ text: `${countOf(photos, 'photo')}${bytes === null ? '' : ` (${formatBytes(bytes)})`} on the way${left}.` })
      onClose()
    },
  })
  const toggle = (column: ExportColumn) =>
    setColumns(columns.includes(column) ? columns.filter((each) => each !== column) : [...columns, column])
  return (
    <Dialog title={`Export ${countOf(count, 'photo')}`} onClose={onClose}>
      <fieldset className="grid gap-2 text-sm sm:grid-cols-2">
        <legend className="sr-only">As what</legend>
        {(Object.keys(FORMATS) as ExportFormat[]).map((each) => (
          <label
            key={each}
            className={`flex items-start gap-2.5 rounded-xl border p-3 ${format === each ? 'border-accent bg-accent-soft' : 'border-line hover:bg-raised'}`}
          >
            <input
              type="radio"
              name="format"
              checked={format === each}
              onChange={() => setFormat(each)}
              className="mt-1 accent-(--accent)"
            />
            <span>
              <span className="font-medium">{FORMATS[each][0]}</span>
              <span className="block text-muted">{FORMATS[each][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {hasColumns && (
        <fieldset className="mt-4">
          <legend className="mb-2 text-[13px] text-muted">Columns</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
            {(Object.keys(COLUMNS) as ExportColumn[]).map((column) => (
              <label key={column} className="inline-flex items-center gap-1.5">
                <input type="checkbox" checked={columns.includes(column)} onChange={() => toggle(column)} className="accent-(--accent)" />
                {COLUMNS[column]}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {prepare.error && (
        <div className="mt-4">
          <Notice tone="danger">{prepare.error.message}</Notice>
        </div>
      )}
      <Button
        look="solid"
        disabled={prepare.isPending || (hasColumns && columns.length === 0)}
        onClick={() => prepare.mutate()}
        className="mt-5"
      >
        {prepare.isPending ? 'Preparing…' : 'Export'}
      </Button>
    </Dialog>
  )
}
