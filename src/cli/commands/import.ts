/** @file fototeca import: uploads files, adds folders as sources, and waits until everything is analysed. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Progress } from '../../contract/library.ts'
import { countOf } from '../../domain/count-of.ts'
import { describeError, FototecaError } from '../../domain/errors.ts'
import { type Api, ApiError } from '../api.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { createProgressView, followProgress } from '../progress-view.ts'
import { createUploadBody } from '../upload-body.ts'

interface Imported {
  readonly path: string
  readonly result: 'added' | 'already there' | 'indexed' | 'refused'
  readonly id: number | null
  readonly detail: string
}

export function addImport(program: Command, context: CliContext): void {
  program
    .command('import')
    .description('copy files into the library or index folders in place; waits until analysis is done')
    .argument('<paths...>', 'files and folders')
    .option('--no-wait', 'return as soon as the files are accepted')
    .addHelpText('after', '\nExamples:\n  fototeca import ~/Downloads/*.jpg\n  fototeca import --no-wait /mnt/photos')
    .action(async (paths: string[], options: { wait: boolean }) => {
      await context.withApi(async (api) => {
        const imported: Imported[] = []
        for (const path of paths) imported.push(await importOne(api, resolve(path)))
        const progress = options.wait && imported.some((one) => one.result !== 'refused') ? await waitForAnalysis(api, context) : null
        context.print({ imported, progress }, () => renderImport(imported, progress))
        if (imported.some((one) => one.result === 'refused')) throw new Failed()
      })
    })
}

async function importOne(api: Api, path: string): Promise<Imported> {
  try {
    const found = await stat(path).catch(() => {
      throw new FototecaError('not_found', 'no such file or folder')
    })
    if (found.isDirectory()) {
      const source = await api.call('addSource', { body: { path } })
      return { path, result: 'indexed', id: null, detail: source.notice ?? `source ${source.id}` }
    }
    const { photos } = await api.call('uploadPhotos', { upload: createUploadBody(path) })
    const photo = photos[0]
    if (photo && 'id' in photo) return { path, result: photo.duplicate ? 'already there' : 'added', id: photo.id, detail: photo.message }
    return { path, result: 'refused', id: null, detail: photo && 'detail' in photo ? photo.detail : 'not answered' }
  } catch (error) {
    if (error instanceof ApiError || (error instanceof FototecaError && error.code === 'not_found'))
      return { path, result: 'refused', id: null, detail: describeError(error) }
    throw error // the library itself cannot be reached: nothing more will work
  }
}

/** Nothing due and no folder being looked through, twice in a row: between a scan and its first photos both are briefly true. */
async function waitForAnalysis(api: Api, { deps }: CliContext): Promise<Progress> {
  let quiet = 0
  return followProgress(() => api.call('getProgress'), createProgressView(deps.stderr, deps.isTty), {
    isDone: (progress) => {
      quiet = progress.due === 0 && progress.scanning.length === 0 ? quiet + 1 : 0
      return quiet >= 2
    },
  })
}

function renderImport(imported: readonly Imported[], progress: Progress | null): string {
  const rows = imported.map((one) => [one.result, one.id === null ? '' : String(one.id), toPlainText(one.path), toPlainText(one.detail)])
  const table = formatTable(rows)
  if (progress === null) return table
  const { photos, failed, partial } = progress
  return `${table}\n${countOf(photos, 'photo')} in the library${failed > 0 ? `, ${failed} failed` : ''}${partial > 0 ? `, ${partial} in part` : ''}`
}
