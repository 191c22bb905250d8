/** @file fototeca doctor: looks at everything the library needs and says what to do where something is missing. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Command } from 'commander'
import type { Config } from '../../config/schema.ts'
import type { GpuReport } from '../../contract/gpu.ts'
import type { CatalogueModel, Health } from '../../contract/library.ts'
import type { VerifyReport } from '../../contract/verify.ts'
import { readAnnouncement } from '../../db/data-folder-lock.ts'
import { countOf } from '../../domain/count-of.ts'
import { describeError } from '../../domain/errors.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatBytes, formatSpeed, formatTable, toPlainText } from '../format.ts'

interface Check {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly detail: string
}

const run = promisify(execFile)
const MIN_NODE_MAJOR = 24
/** A library of 10,000 photos takes about 1.5 GB beside its originals (renditions, vectors, models). */
const LITTLE_SPACE = 2_000_000_000
const NO_SPACE = 200_000_000
const HUB_TIMEOUT_MS = 5000

export function addDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check everything the library needs and say how to fix what is missing')
    .addHelpText('after', '\nExample:\n  fototeca doctor')
    .action(async () => {
      const config = context.config()
      const checks = [
        checkNode(),
        ...(await checkDataFolder(config.dataDir)),
        await checkBlobs(config),
        await checkDecoders(),
        ...(await checkExifTool()),
        await checkHub(config),
        ...(await checkLibrary(context)),
      ]
      context.print({ checks }, () => renderChecks(checks))
      if (checks.some((check) => check.state === 'fail')) throw new Failed()
    })
}

function checkNode(): Check {
  const { node } = process.versions
  const isNew = Number.parseInt(node, 10) >= MIN_NODE_MAJOR
  return {
    name: 'node',
    state: isNew ? 'ok' : 'fail',
    detail: isNew ? node : `${node} is too old: start by npm, which brings Node ${MIN_NODE_MAJOR}`,
  }
}

async function checkDataFolder(dataDir: string): Promise<Check[]> {
  const name = 'data folder'
  try {
    await mkdir(dataDir, { recursive: true })
    const probe = join(dataDir, `.doctor-${randomUUID()}`)
    await writeFile(probe, 'x')
    await rm(probe)
  } catch (error) {
    return [{ name, state: 'fail', detail: `${dataDir} cannot be written: ${describeError(error)}. Choose another with FOTOTECA_DATA` }]
  }
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const holder = await readAnnouncement(dataDir)
  return [
    {
      name,
      state: free < NO_SPACE ? 'fail' : free < LITTLE_SPACE ? 'warn' : 'ok',
      detail: `${dataDir}, ${formatBytes(free)} free${free < LITTLE_SPACE ? ': make room, or move it with FOTOTECA_DATA' : ''}`,
    },
    {
      name: 'lock',
      state: 'ok',
      detail: holder ? `served by process ${holder.pid}${holder.url === null ? ', which is starting' : ` at ${holder.url}`}` : 'free',
    },
  ]
}

/** Where the library’s files are kept; and of a bucket whether one can be put there, read, and deleted. */
async function checkBlobs(config: Config): Promise<Check> {
  const name = 'files'
  try {
    // others have no use for what this takes
    const [{ openLibraryBlobs }, { bytesSource, readBlob }, { readBlobPlace }] = await Promise.all([
      import('../../storage/library-blobs.ts'),
      import('../../storage/blob-store.ts'),
      import('../../storage/read-stores.ts'),
    ])
    // nothing is made in a folder that may be no library’s yet
    if (readBlobPlace(config.blobs) === null) return { name, state: 'ok', detail: 'in the data folder' }
    await using blobs = await openLibraryBlobs(config)
    const key = `doctor-${randomUUID()}`
    await blobs.exports.put(key, bytesSource('x', 'text/plain'))
    const isSame = String(await readBlob(blobs.exports, key)) === 'x'
    await blobs.exports.delete(key)
    if (!isSame) return { name, state: 'fail', detail: `${blobs.bucket} does not give back what was put there` }
    return { name, state: 'ok', detail: `${blobs.bucket}, can be written` }
  } catch (error) {
    return { name, state: 'fail', detail: `cannot be kept: ${describeError(error)}. See FOTOTECA_BLOBS` }
  }
}

async function checkDecoders(): Promise<Check> {
  const { listDecoders } = await import('../../media/list-decoders.ts')
  const decoders = listDecoders()
  const missing = decoders.filter((decoder) => !decoder.isThere).map((decoder) => decoder.format)
  return {
    name: 'pictures',
    state: missing.length === 0 ? 'ok' : 'warn',
    detail:
      missing.length === 0
        ? `${decoders.map((decoder) => decoder.format).join(', ')} (BMP, HEIC and RAW by their own readers)`
        : `sharp lacks ${missing.join(', ')}: run npm ci again, so that its own libraries are installed`,
  }
}

async function checkExifTool(): Promise<Check[]> {
  const perl = await run('perl', ['-e', 'print $^V']).then(
    ({ stdout }): Check => ({ name: 'perl', state: 'ok', detail: stdout }),
    (): Check => ({
      name: 'perl',
      state: 'warn',
      detail: 'not found: metadata of HEIC and WebP and pictures in RAW files need it (apt install perl)',
    }),
  )
  if (perl.state !== 'ok') return [perl]
  try {
    const script = createRequire(import.meta.url).resolve('exiftool-vendored.pl/bin/exiftool')
    const { stdout } = await run('perl', [script, '-ver'])
    return [perl, { name: 'exiftool', state: 'ok', detail: stdout.trim() }]
  } catch (error) {
    return [perl, { name: 'exiftool', state: 'warn', detail: `does not run (${describeError(error).split('\n', 1)[0]}): run npm ci again` }]
  }
}

async function checkHub({ modelDownload, modelHub }: Config): Promise<Check> {
  const name = 'model hub'
  if (modelDownload === 'never') return { name, state: 'ok', detail: 'not asked: FOTOTECA_MODEL_DOWNLOAD is never' }
  try {
    const answer = await fetch(modelHub, { method: 'HEAD', signal: AbortSignal.timeout(HUB_TIMEOUT_MS) })
    return { name, state: 'ok', detail: `${modelHub} answers (${answer.status})` }
  } catch {
    return {
      name,
      state: 'warn',
      detail: `${modelHub} cannot be reached: set FOTOTECA_MODEL_HUB to a mirror, or install from a folder with \`fototeca models import\``,
    }
  }
}

/** Database and models, as the running server (or the library opened here) tells them. */
async function checkLibrary(context: CliContext): Promise<Check[]> {
  try {
    return await context.withApi(async (api) => {
      const health = await api.call('getHealth')
      const { models } = await api.call('listModels')
      const queue = await api.call('getQueue')
      const verify = await api.call('getVerify')
      // the chosen one after the built-in one, in whose place it stands
      const inUse = ['built-in', 'active'].flatMap((wanted) => models.filter(({ state }) => state === wanted))
      const active = new Map(inUse.flatMap((one) => one.capabilities.map((what) => [what, one])))
      return [
        { name: 'database', state: 'ok', detail: `${health.database} with pgvector, ${countOf(health.index.photos, 'photo')}` },
        checkOriginals(verify),
        ...joinMissing(health.models).map(
          (model): Check => ({
            name: model.names,
            state: model.model === null && model.notice !== null ? 'warn' : 'ok',
            // without a notice nobody asked for one: off is no fault
            detail: model.model === null ? (model.notice ?? 'none chosen') : `${model.model}${speedOf(active.get(model.capability))}`,
          }),
        ),
        { name: 'models run on', state: 'ok', detail: `${health.runs_on.device} (${health.runs_on.reason})` },
        ...checkGpu(queue.gpus),
        ...(health.device === null ? [] : [{ name: 'device', state: 'warn', detail: health.device } as const]),
        ...health.lanes
          .filter((lane) => lane.state === 'paused')
          .map((lane): Check => ({ name: `lane ${lane.lane}`, state: 'warn', detail: lane.reason ?? 'paused' })),
      ]
    })
  } catch (error) {
    return [{ name: 'database', state: 'fail', detail: describeError(error) }]
  }
}

/** Without a GPU there is nothing to check. */
function checkGpu({ gpus, notice }: GpuReport): Check[] {
  return gpus.map((gpu) => ({
    name: 'gpu',
    state: notice === null ? 'ok' : 'warn',
    detail: `${gpu.name}, ${gpu.memory_used_mb} of ${gpu.memory_total_mb} MiB used${notice === null ? '' : `: ${notice}`}`,
  }))
}

function checkOriginals({ problems, last }: VerifyReport): Check {
  const name = 'originals'
  if (problems > 0)
    return {
      name,
      state: 'fail',
      detail: `${problems} damaged, missing, or unreadable: \`fototeca verify --problems\` lists them. Bring them back from a backup, then run \`fototeca verify --again\``,
    }
  const when = last ? `all checked, last on ${last.finished_at.slice(0, 10)}` : 'not checked yet: `fototeca verify` reads them all'
  return { name, state: 'ok', detail: when }
}

/** Capabilities that wait for the same thing in one row: the reason may be long. */
function joinMissing(models: Health['models']): (Health['models'][number] & { names: string })[] {
  const rows: (Health['models'][number] & { names: string })[] = []
  for (const model of models) {
    const same = rows.find((row) => row.model === null && model.model === null && row.notice !== null && row.notice === model.notice)
    if (same) same.names += `, ${model.capability}`
    else rows.push({ ...model, names: model.capability })
  }
  return rows
}

const speedOf = (model: CatalogueModel | undefined): string => (model && model.ms_per_picture !== null ? `, ${formatSpeed(model)}` : '')

function renderChecks(checks: readonly Check[]): string {
  return formatTable(checks.map((check) => [check.state, check.name, toPlainText(check.detail)]))
}
