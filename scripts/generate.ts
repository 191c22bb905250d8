/**
 * @file Writes the pages that are made from the code: the API as OpenAPI, the configuration reference, the command line’s help.
 * `--check` writes nothing and fails when one that is committed is not what the code says now.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createProgram, listCommands } from '../src/cli/program.ts'
import type { CliDeps } from '../src/cli/run-cli.ts'
import { listSettings } from '../src/config/list-settings.ts'
import { SETTINGS, UNUSED_SETTINGS } from '../src/config/schema.ts'
import { silentLog } from '../src/domain/log.ts'
import { createHttpServer } from '../src/http/server.ts'
import type { Services } from '../src/http/services.ts'
import { PRESETS, SERVICES, type ServiceName } from '../src/models/describe/presets.ts'
import { PRICES } from '../src/models/describe/prices.ts'

const docs = resolve(import.meta.dirname, '../docs')
const GENERATED_BY = '<!-- made by `npm run generate`; do not edit -->'

const PAGES: Readonly<Record<string, () => Promise<string> | string>> = {
  'openapi.json': renderOpenApi,
  'configuration.md': renderConfiguration,
  'cli.md': renderCli,
  'describers.md': renderDescribers,
  '../.env.example': renderEnvExample,
}
/** Long, and told by the program itself (`/openapi.json`, `--help`): git leaves them out. */
const NOT_COMMITTED = new Set(['openapi.json', 'cli.md'])

const isCheck = process.argv.includes('--check')
const stale: string[] = []
for (const [name, render] of Object.entries(PAGES)) {
  const path = join(docs, name)
  const wanted = await render()
  const found = await readFile(path, 'utf8').catch(() => '')
  if (found === wanted) continue
  if (!isCheck) {
    await writeFile(path, wanted)
    console.log(`${pathOf(name)} written`)
  } else if (!NOT_COMMITTED.has(name)) stale.push(name)
}
if (stale.length > 0) {
  console.error(`not what the code says: ${stale.map(pathOf).join(', ')}. Run \`npm run generate\` and commit`)
  process.exitCode = 1
}

/** below the root of the project */
function pathOf(name: string): string {
  return join('docs', name)
}

async function renderOpenApi(): Promise<string> {
  // the document is made from the contract alone: no handler is called
  const app = await createHttpServer({
    config: { host: '127.0.0.1', token: undefined, maxBytes: 1 },
    services: { accounts: { exist: async () => false }, audit: { add: () => {} } } as unknown as Services,
    log: silentLog,
    webDir: join(docs, 'no-web'),
  })
  const answer = await app.inject('/openapi.json')
  await app.close()
  if (answer.statusCode !== 200) throw new Error(`the document of the API could not be made: ${answer.body}`)
  return `${JSON.stringify(answer.json(), null, 2)}\n`
}

function renderConfiguration(): string {
  const rows = listSettings().map(({ env, aliases, help, fallback, allows }) => {
    const names = [env, ...aliases].map((name) => `\`${name}\``).join(', ')
    return `| ${names} | ${fallback === null ? '' : `\`${fallback}\``} | ${allows} | ${help} |`.replaceAll('<', '&lt;')
  })
  return `${GENERATED_BY}

# Configuration

Settings are environment variables. A wrong value stops the start with its name, what was given and what is allowed.
Where two names stand in a row, the first wins; the others are names of the described systems, or in wide use, that mean the same.
A secret (a key, \`FOTOTECA_TOKEN\`, \`DATABASE_URL\`) may lie in a file instead: \`<name>_FILE\` holds its path.

| name | default | allowed | meaning |
|---|---|---|---|
${rows.join('\n')}
`
}

/** Everything is commented out: a copy changes nothing until a line is. */
function renderEnvExample(): string {
  const settings = listSettings().map(({ env, aliases, help, fallback, allows }) =>
    [
      `# ${help}`,
      `# Allowed: ${allows}.${aliases.length > 0 ? ` Also read as ${aliases.join(', ')}.` : ''}`,
      `# ${env}=${fallback ?? ''}`,
    ].join('\n'),
  )
  const unused = Object.entries(UNUSED_SETTINGS).map(([name, why]) => `# ${name}: ${why}`)
  return `# Made by \`npm run generate\`; do not edit. Copy to .env and remove the # of what you change.
# Node reads it with: node --env-file=.env bin/fototeca.js, Docker Compose with env_file.

${settings.join('\n\n')}

# Names of the described systems that have no meaning here:
${unused.join('\n')}
`
}

function renderDescribers(): string {
  const settingsOf = (name: ServiceName): string => {
    const service = SERVICES[name]
    const key = service.key === null ? '' : `, \`${SETTINGS[service.key].env}\`${service.needsKey ? '' : ' if it wants one'}`
    return `${service.title}: \`${SETTINGS[service.url].env}\`${key}`
  }
  const rows = PRESETS.map((preset) => {
    const services = 'service' in preset ? [preset.service, ...('words' in preset ? [preset.words.service] : [])] : []
    const form = preset.kind === 'sees' ? 'one call' : preset.kind === 'fake' ? 'made up, for trying out' : 'two calls'
    const asks =
      preset.kind === 'florence' ? `this machine; for the facts ${settingsOf('phi')}` : [...new Set(services)].map(settingsOf).join('; ')
    const words = 'words' in preset && preset.words.model !== null ? `, then \`${preset.words.model}\`` : ''
    const model = preset.model === null ? (preset.kind === 'fake' ? '' : `write \`${preset.name}=<model>\``) : `\`${preset.model}\`${words}`
    return `| \`${preset.name}\` | ${form} | ${asks} | ${model} | ${preset.licence} |`
  })
  return `${GENERATED_BY}

# Describers

\`FOTOTECA_DESCRIBE\` names what describes pictures in words: a preset, or \`preset=model\` for another model of the same service. It is off by default.

A server that is not this machine gets a JPEG of every picture, at most 1024 px, without any metadata, and nothing else of the library.
A model’s id is its provider’s and may be retired there. None of these services could be reached where the presets were written (ADR 14).

| preset | form | asks: address, key | model | licence |
|---|---|---|---|---|
${rows.join('\n')}

*One call*: the model sees the picture and answers everything. *Two calls*: a caption, then a language model that turns it into facts and never sees the picture.

Florence-2 runs in this process: \`npm install @huggingface/transformers\` beside fototeca, and the files of \`onnx-community/Florence-2-base-ft\` in \`<models>/florence-2-base-ft\`. Without a language model it gives captions and object names only, and says so.

## Prices

Where a server tells tokens and no cost, costs are estimated from these list prices, in US dollars per million tokens, and told as estimates; budgets of money count them. Prices change: \`FOTOTECA_DESCRIBE_PRICES\` (\`gpt-4o-mini=0.15/0.60, own=0/0\`, by model or preset, input/output) wins over the list. A server on this machine has no list price.

| model | service | input | output | source |
|---|---|---|---|---|
${PRICES.map((row) => `| \`${row.model}\` | ${SERVICES[row.service].title} | ${row.input} | ${row.output} | ${row.source} |`).join('\n')}

How good one is on pictures with known answers: \`FOTOTECA_DESCRIBE=… npm run eval -- describe\`.
`
}

function renderCli(): string {
  let text = ''
  const { program } = createProgram({} as CliDeps)
  const output = {
    writeOut: (chunk: string) => {
      text += chunk
    },
    getOutHelpWidth: () => 110,
    getOutHasColors: () => false,
  }
  const sections = [program, ...listCommands(program)].map((command) => {
    text = ''
    command.configureOutput(output).outputHelp()
    const names = [command.name()]
    for (let parent = command.parent; parent; parent = parent.parent) names.unshift(parent.name())
    return `## ${names.join(' ')}\n\n\`\`\`\n${text.trim().split('\n\nSettings (environment):')[0]}\n\`\`\`\n`
  })
  return `${GENERATED_BY}

# Command line

Every command but \`serve\` asks the server that runs on the data folder, or opens the library itself where none runs.
\`--json\` answers with one JSON document. Exit codes: 0 done, 1 failed, 2 used wrongly. Settings: [configuration](configuration.md).

${sections.join('\n')}`
}
