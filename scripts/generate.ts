/**
 * @file Writes the pages that are made from the code: the API as OpenAPI, the configuration reference, the command line’s help.
 * `--check` writes nothing and fails when one of them is not what the code says now.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createProgram, listCommands } from '../src/cli/program.ts'
import type { CliDeps } from '../src/cli/run-cli.ts'
import { listSettings } from '../src/config/list-settings.ts'
import { silentLog } from '../src/domain/log.ts'
import { createHttpServer } from '../src/http/server.ts'
import type { Services } from '../src/http/services.ts'

const docs = resolve(import.meta.dirname, '../docs')
const GENERATED_BY = '<!-- made by `npm run generate`; do not edit -->'

const PAGES: Readonly<Record<string, () => Promise<string> | string>> = {
  'openapi.json': renderOpenApi,
  'configuration.md': renderConfiguration,
  'cli.md': renderCli,
}

const isCheck = process.argv.includes('--check')
const stale: string[] = []
for (const [name, render] of Object.entries(PAGES)) {
  const path = join(docs, name)
  const wanted = await render()
  const found = await readFile(path, 'utf8').catch(() => '')
  if (found === wanted) continue
  if (isCheck) stale.push(name)
  else {
    await writeFile(path, wanted)
    console.log(`docs/${name} written`)
  }
}
if (stale.length > 0) {
  console.error(`not what the code says: ${stale.map((name) => `docs/${name}`).join(', ')}. Run \`npm run generate\` and commit`)
  process.exitCode = 1
}

async function renderOpenApi(): Promise<string> {
  // the document is made from the contract alone: no handler is called
  const app = await createHttpServer({
    config: { host: '127.0.0.1', token: undefined, maxBytes: 1 },
    services: {} as Services,
    log: silentLog,
    webDir: join(docs, 'no-web'),
  })
  const answer = await app.inject('/openapi.json')
  await app.close()
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
