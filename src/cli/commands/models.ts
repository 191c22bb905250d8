/** @file fototeca models: per capability what is active and available; download, choose, install from a folder, measure, delete. */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SingleBar } from 'cli-progress'
import type { Command } from 'commander'
import type { DescribeReport } from '../../contract/describe.ts'
import type { CatalogueModel } from '../../contract/library.ts'
import type { Api } from '../api.ts'
import { type CliContext, type CliDeps, Failed } from '../context.ts'
import { formatBytes, formatSpeed, formatTable, toPlainText } from '../format.ts'

export function addModels(program: Command, context: CliContext): void {
  const models = program
    .command('models')
    .description('manage models: list, download, choose, install from a folder')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca models list\n  fototeca models pull\n  fototeca models import ./my-clip --name my-clip && fototeca models use my-clip',
    )
  models
    .command('list', { isDefault: true })
    .description('list models by capability, with size, licence, speed on this machine, and measured quality')
    .action(async () => {
      const answer = await context.withApi(async (api) => ({
        ...(await api.call('listModels')),
        describe: await api.call('getDescribe'),
        generate: await api.call('getGenerationOptions'),
      }))
      const { models, describe, generate } = answer
      const { describer, model, available } = describe
      context.print({ models, describe: { describer, model, available }, 'make-image': { maker: generate.maker } }, () =>
        [renderByCapability(models), renderDescribers(describe), renderMaker(generate.maker)].join('\n\n'),
      )
    })
  models
    .command('pull')
    .description('download a model (the default one if no name is given), or resume a download')
    .argument('[name]', 'name in the catalogue')
    .option('--no-wait', 'return once the download has started (needs a running server)')
    .option('--accept-licence', 'accept the terms of the model')
    .option('--accept-changed', 'accept that the files on the hub have changed')
    .action(async (name: string | undefined, options: { wait: boolean; acceptLicence?: true; acceptChanged?: true }) => {
      await context.withApi(async (api, url) => {
        const started = await api.call('pullModel', {
          body: {
            ...(name === undefined ? {} : { name }),
            accept_licence: options.acceptLicence === true,
            accept_changed: options.acceptChanged === true,
          },
        })
        if (!context.isJson()) context.deps.stderr.write(`${started.name}: licence ${toPlainText(started.licence)}\n`)
        const model = options.wait || url === null ? await waitForModel(api, started, context.deps) : started
        context.print(model, () => renderModels([model]))
        if (options.wait && !isInstalled(model)) throw new Failed()
      })
    })
  models
    .command('use')
    .description('use an installed model (for search by meaning, once all photos have been read with it)')
    .argument('<name>')
    .action(async (name: string) => {
      const model = await context.withApi((api) => api.call('useModel', { body: { name } }))
      context.print(model, () => renderModels([model]))
    })
  models
    .command('import')
    .description('install a model from a local folder')
    .argument('<folder>')
    .option('--name <name>', 'name of the model; default: the folder name')
    .option('--accept-licence', 'accept the terms of the model')
    .action(async (folder: string, options: { name?: string; acceptLicence?: true }) => {
      const body = {
        path: resolve(folder),
        ...(options.name === undefined ? {} : { name: options.name }),
        accept_licence: options.acceptLicence === true,
      }
      const model = await context.withApi((api) => api.call('importModel', { body }))
      context.print(model, () => renderModels([model]))
    })
  addUpkeep(models, context)
}

function addUpkeep(models: Command, context: CliContext): void {
  models
    .command('measure')
    .description('measure the speed and memory of an installed model on this machine')
    .argument('<name>')
    .action(async (name: string) => {
      const model = await context.withApi((api) => api.call('measureModel', { body: { name } }))
      context.print(model, () => renderModels([model]))
    })
  models
    .command('remove')
    .description('delete the files of an unused model')
    .argument('<name>')
    .action(async (name: string) => {
      const answer = await context.withApi((api) => api.call('removeModel', { params: { name } }))
      context.print(answer, () => `${toPlainText(answer.deleted)} is deleted`)
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

/** The active model of each capability first, then what could take its place. */
function renderByCapability(models: readonly CatalogueModel[]): string {
  const capabilities = [...new Set(models.flatMap((model) => model.capabilities))]
  const sections = Map.groupBy(capabilities, (capability) =>
    models
      .filter((model) => model.capabilities.includes(capability))
      .map(({ name }) => name)
      .join(),
  )
  return [...sections.values()]
    .map((shared) => {
      const own = models.filter((model) => shared.every((capability) => model.capabilities.includes(capability)))
      return `${shared.join(', ')}\n${renderModels([...own].sort((a, b) => Number(isUsed(b)) - Number(isUsed(a))))}`
    })
    .join('\n\n')
}

/** Models of servers: nothing of them is here but a name. */
function renderDescribers({ describer, available }: DescribeReport): string {
  const rows = available.map(({ name, licence, missing, remote, state, said }) => [
    `  ${name}`,
    name === describer?.split('=')[0] ? 'active' : state,
    remote === null ? '' : remote ? 'outside' : 'this machine',
    licence,
    missing ?? said ?? '',
  ])
  return `describe (“fototeca describe use <name>”; “fototeca describe ask <name>” asks whether it is there)\n${formatTable(rows.map((row) => row.map(toPlainText)))}`
}

const renderMaker = (maker: string | null): string =>
  `make-image\n  ${maker === null ? 'off: set FOTOTECA_GENERATE' : `${toPlainText(maker)}  active`}`

const isUsed = ({ state }: CatalogueModel): boolean => state === 'active' || state === 'built-in'

function renderModels(models: readonly CatalogueModel[]): string {
  return formatTable(
    models
      .map((model) => [
        `  ${model.name}`,
        model.progress !== null && model.state === 'downloading' ? `${model.state} ${Math.round(model.progress * 100)} %` : model.state,
        formatSize(model),
        formatSpeed(model),
        model.quality ?? 'quality not measured',
        model.licence,
        [model.note, model.pin?.text ?? null, model.terms, model.notice]
          .flatMap((text) => (text === null ? [] : [text.replace(/\.$/, '')]))
          .join(' · '),
      ])
      .map((row) => row.map(toPlainText)),
  )
}

function formatSize({ installed_bytes, download_bytes }: CatalogueModel): string {
  const bytes = installed_bytes ?? download_bytes
  return bytes === null || bytes === 0 ? 'no files' : formatBytes(bytes)
}
