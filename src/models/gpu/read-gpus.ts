/** @file What the NVIDIA driver says of its GPUs, by its program `nvidia-smi`. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { GpuReport } from '../../contract/gpu.ts'
import { describeError } from '../../domain/errors.ts'

/** A driver that hangs must not hold a request up for long. */
const LIMIT_MS = 5_000
const AGE_MS = 10_000
const NEARLY_FULL = 0.9
const FIELDS = 'name,memory.used,memory.total,utilization.gpu'

const run = promisify(execFile)

/** @param output CSV without head and units: `NVIDIA L4, 1234, 23034, 12`; what a GPU cannot say is `[N/A]` */
export function parseGpus(output: string): GpuReport['gpus'] {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const cells = line.split(',').map((cell) => cell.trim())
      const [used, total, busy] = cells.slice(-3).map(Number)
      const name = cells.slice(0, -3).join(', ')
      if (!name || used === undefined || !Number.isFinite(used) || !total) return []
      return [
        {
          name,
          memory_used_mb: used,
          memory_total_mb: total,
          memory_share: used / total,
          utilization: busy !== undefined && Number.isFinite(busy) ? busy / 100 : null,
        },
      ]
    })
}

function noticeOf(gpus: GpuReport['gpus']): string | null {
  const full = gpus.filter(({ memory_share }) => memory_share > NEARLY_FULL)
  if (full.length === 0) return null
  const each = full.map(
    (gpu) => `${gpu.name} ${Math.round(gpu.memory_share * 100)} % (${gpu.memory_used_mb} of ${gpu.memory_total_mb} MiB)`,
  )
  return `GPU memory is nearly full: ${each.join(', ')}. Models may fail; end other programs that use it, or set DEVICE=cpu`
}

/** @param environment where `nvidia-smi` is looked for (PATH) */
export async function readGpus(environment: Readonly<Record<string, string | undefined>>): Promise<GpuReport> {
  try {
    const args = [`--query-gpu=${FIELDS}`, '--format=csv,noheader,nounits']
    const { stdout } = await run('nvidia-smi', args, { timeout: LIMIT_MS, env: environment as NodeJS.ProcessEnv })
    const gpus = parseGpus(stdout)
    return { gpus, notice: gpus.length === 0 ? 'nvidia-smi names no GPU whose memory it can tell' : noticeOf(gpus) }
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const why = isMissing ? 'nvidia-smi is not there' : `nvidia-smi failed: ${describeError(error).split('\n')[0]}`
    return { gpus: [], notice: `No NVIDIA GPU: ${why}` }
  }
}

/** The same, asked of the driver every ten seconds at most. */
export function watchGpus(environment: Readonly<Record<string, string | undefined>>): () => Promise<GpuReport> {
  let last: { readonly at: number; readonly answer: Promise<GpuReport> } | undefined
  return () => {
    if (!last || performance.now() - last.at > AGE_MS) last = { at: performance.now(), answer: readGpus(environment) }
    return last.answer
  }
}
