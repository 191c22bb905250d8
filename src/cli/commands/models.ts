/** @file fototeca models: what the catalogue holds, what is installed; download, choose, install from a folder. */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SingleBar } from 'cli-progress'
import type { Command } from 'commander'
import type { CatalogueModel } from '../../contract/library.ts'
import type { Api } from '../api.ts'
import { type CliContext, type CliDeps, Failed } from '../context.ts'
import { formatBytes, formatTable, toPlainText } from '../format.ts'

export function addModels(program: Command, context: CliContext): void {
  const models = program
    .command('models')
    .description('models that read the pictures: list, download, choose, install from a folder')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca models list\n  fototeca models pull\n  fototeca models import ./my-clip --name my-clip && fototeca models use my-clip',
    )
  models
    .command('list')
    .description('models of the catalogue and what is installed')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listModels'))
      context.print(answer, () => renderModels(answer.models))
    })
  models
    .command('pull')
    .description('download a model (the default one without a name), or go on with a download that was cut')
    .argument('[name]', 'name in the catalogue')
    .option('--no-wait', 'return once the download runs (only with a server)')
    .action(async (name: string | undefined, options: { wait: boolean }) => {
      await context.withApi(async (api, url) => {
        const started = await api.call('pullModel', { body: name === undefined ? {} : { name } })
        if (!context.isJson()) context.deps.stderr.write(`${started.name}: licence ${toPlainText(started.licence)}\n`)
        const model = options.wait || url === null ? await waitForModel(api, started, context.deps) : started
        context.print(model, () => renderModels([model]))
        if (options.wait && !isInstalled(model)) throw new Failed()
      })
    })
  models
    .command('use')
    .description('search by meaning with this installed model')
    .argument('<name>')
    .action(async (name: string) => {
      const model = await context.withApi((api) => api.call('useModel', { body: { name } }))
      context.print(model, () => renderModels([model]))
    })
  models
    .command('import')
    .description('install a model from a folder of this machine')
    .argument('<folder>')
    .option('--name <name>', 'name to give it; default: the folder’s')
    .action(async (folder: string, options: { name?: string }) => {
      const body = { path: resolve(folder), ...(options.name === undefined ? {} : { name: options.name }) }
      const model = await context.withApi((api) => api.call('importModel', { body }))
      context.print(model, () => renderModels([model]))
    })
}

const isInstalled = (model: CatalogueModel): boolean => model.state !== 'downloading' && model.state !== 'not installed'

async function waitForModel(api: Api, started: CatalogueModel, deps: CliDeps): Promise<CatalogueModel> {
  const bar = new SingleBar({
    stream: deps.stderr as NodeJS.WritableStream,
    format: `{bar} {percentage} % of ${started.download_bytes === null ? 'the model' : formatBytes(started.download_bytes)}`,
    hideCursor: true,
  })
  if (deps.isTty) bar.start(1000, 0)
  try {
    let model = started
    while (model.state === 'downloading') {
      await sleep(500)
      const { models } = await api.call('listModels')
      model = models.find((one) => one.name === started.name) ?? model
      if (deps.isTty) bar.update(Math.round((model.progress ?? 0) * 1000))
    }
    return model
  } finally {
    if (deps.isTty) bar.stop()
  }
}

function renderModels(models: readonly CatalogueModel[]): string {
  return formatTable(
    models
      .map((model) => [
        model.name,
        model.progress !== null && model.state === 'downloading' ? `${model.state} ${Math.round(model.progress * 100)} %` : model.state,
        model.download_bytes === null ? '' : formatBytes(model.download_bytes),
        model.capabilities.join(', '),
        model.licence,
        model.notice ?? '',
      ])
      .map((row) => row.map(toPlainText)),
  )
}
