/** @file The command line as commander sees it: one command per verb, the options they share, help from the contract and the settings. */
import { Command } from 'commander'
import packageFile from '../../package.json' with { type: 'json' }
import type { Config } from '../config/schema.ts'
import { addAlbums } from './commands/albums.ts'
import { addBackup } from './commands/backup.ts'
import { addCategories } from './commands/categories.ts'
import { addClusters } from './commands/clusters.ts'
import { addDescribe } from './commands/describe.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDuplicates } from './commands/duplicates.ts'
import { addEdit } from './commands/edit.ts'
import { addExport } from './commands/export.ts'
import { addGenerate } from './commands/generate.ts'
import { addImport } from './commands/import.ts'
import { addModels } from './commands/models.ts'
import { addPeople } from './commands/people.ts'
import { addProducts } from './commands/products.ts'
import { addRebuild } from './commands/rebuild.ts'
import { addReprocess } from './commands/reprocess.ts'
import { addRestore } from './commands/restore.ts'
import { addSearch } from './commands/search.ts'
import { addServe } from './commands/serve.ts'
import { addShow } from './commands/show.ts'
import { addSources } from './commands/sources.ts'
import { addSpaces } from './commands/spaces.ts'
import { addStatus } from './commands/status.ts'
import { addStores } from './commands/stores.ts'
import { addTasks } from './commands/tasks.ts'
import { addTrash } from './commands/trash.ts'
import { addUpgrade } from './commands/upgrade.ts'
import { addUsers } from './commands/users.ts'
import { addValidate } from './commands/validate.ts'
import { addVerify } from './commands/verify.ts'
import { addVocabulary } from './commands/vocabulary.ts'
import { type CliContext, type CliDeps, createContext } from './context.ts'
import { renderSettingsHelp } from './settings-help.ts'

interface SharedOptions {
  readonly json?: boolean
  readonly data?: string
  readonly host?: string
  readonly port?: string
}

export function createProgram(deps: CliDeps): { program: Command; context: CliContext } {
  let shared: SharedOptions = {}
  const context = createContext(deps, {
    json: () => shared.json === true,
    overrides: () => toOverrides(shared),
  })
  const program = new Command('fototeca')
    .description(
      'A self-hosted image library that understands pictures.\nEvery command but serve and restore asks the server that runs on the data folder, or opens the library itself where none runs.',
    )
    .version(packageFile.version)
    .configureOutput({ writeOut: (text) => deps.stdout.write(text), writeErr: (text) => deps.stderr.write(text) })
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .addHelpText('after', renderSettingsHelp())
  for (const add of [
    addServe,
    addImport,
    addSources,
    addSearch,
    addShow,
    addStatus,
    addTasks,
    addAlbums,
    addCategories,
    addClusters,
    addPeople,
    addDuplicates,
    addTrash,
    addEdit,
    addExport,
    addModels,
    addSpaces,
    addReprocess,
    addVocabulary,
    addProducts,
    addStores,
    addDescribe,
    addGenerate,
    addUpgrade,
    addUsers,
    addValidate,
    addVerify,
    addRebuild,
    addBackup,
    addRestore,
    addDoctor,
  ])
    add(program, context)
  for (const command of listCommands(program)) {
    command.option('--json', command.name() === 'serve' ? 'progress as JSON lines' : 'answer as one JSON document')
    command.option('--data <folder>', 'data folder (FOTOTECA_DATA)')
    if (command.name() === 'serve')
      command
        .option('--host <address>', 'address to listen on (FOTOTECA_HOST)')
        .option('--port <port>', 'port to listen on (FOTOTECA_PORT)')
  }
  program.hook('preAction', (_program, command) => {
    shared = command.opts<SharedOptions>()
  })
  return { program, context }
}

/** All that do something themselves: `models` only groups. */
export function listCommands(program: Command): Command[] {
  return program.commands.flatMap((command) => (command.commands.length > 0 ? listCommands(command) : [command]))
}

/** As text: the settings’ own schemas check them, like the environment. */
function toOverrides({ data, host, port }: SharedOptions): Partial<Config> {
  return {
    ...(data === undefined ? {} : { dataDir: data }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port: port as unknown as number }),
  }
}
