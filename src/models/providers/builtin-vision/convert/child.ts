/** @file A short-lived process that converts the built-in networks: what it takes to do so (600 MB) is given back with it. Forked by `ensure-networks.ts`. */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeError, FototecaError } from '../../../../domain/errors.ts'
import { NETWORK_NAMES, NETWORKS, type WeightFolders } from './networks.ts'

export interface ConvertRequest {
  readonly folders: WeightFolders
  readonly target: string
}
export type ConvertAnswer = { readonly ok: true } | { readonly ok: false; readonly code: FototecaError['code']; readonly message: string }

/** All files, whole and on the disk, or none: another process may do the same at the same time, and this one may be killed. */
async function convert({ folders, target }: ConvertRequest): Promise<void> {
  const making = `${target}.${process.pid}`
  await mkdir(making, { recursive: true })
  await removeHalfMade(dirname(target))
  try {
    for (const name of NETWORK_NAMES) {
      const { from, convert: toOnnx } = NETWORKS[name]
      await using file = await open(join(making, `${name}.onnx`), 'w')
      await file.writeFile(await toOnnx(folders[from]))
      await file.sync()
    }
    await rename(making, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // another was first
    })
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

/** What a process left that was killed. */
async function removeHalfMade(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, maker] = /^networks-[0-9a-f]+\.(\d+)$/.exec(name) ?? []
    if (maker !== undefined && !isAlive(Number(maker))) await rm(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

function explain(error: unknown, target: string): FototecaError {
  if (error instanceof FototecaError) return error
  return new FototecaError(
    'model_missing',
    `the built-in networks cannot be written to ${target} (${describeError(error)}): run \`npm run build\` as the user who installed fototeca`,
    { cause: error },
  )
}

process.once('message', async (request: ConvertRequest) => {
  const answer = await convert(request).then(
    (): ConvertAnswer => ({ ok: true }),
    (error: unknown): ConvertAnswer => {
      const { code, message } = explain(error, request.target)
      return { ok: false, code, message }
    },
  )
  process.send?.(answer, () => process.disconnect())
})
