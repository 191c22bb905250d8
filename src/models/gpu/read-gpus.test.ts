import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readGpus } from './read-gpus.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fototeca-gpu-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** a driver’s program that answers so, and only where it is asked for what it documents */
function pretend(output: string, code = 0): { PATH: string } {
  const path = join(folder, 'nvidia-smi')
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$*" = "--query-gpu=name,memory.used,memory.total,utilization.gpu --format=csv,noheader,nounits" ] || exit 9\nprintf '%s' '${output}'\nexit ${code}\n`,
  )
  chmodSync(path, 0o755)
  return { PATH: folder }
}

it('tells memory and use of each GPU', async () => {
  const report = await readGpus(pretend('NVIDIA L4, 1152, 23034, 37\nNVIDIA GeForce RTX 4090, 100, 24564, [N/A]\n'))
  expect(report).toMatchObject({
    gpus: [
      { name: 'NVIDIA L4', memory_used_mb: 1152, memory_total_mb: 23034, utilization: 0.37 },
      { name: 'NVIDIA GeForce RTX 4090', utilization: null },
    ],
    notice: null,
  })
  expect(report.gpus[0]?.memory_share).toBeCloseTo(0.05)
})

it('warns above 90 % of the memory, and not at 90', async () => {
  expect((await readGpus(pretend('NVIDIA L4, 900, 1000, 0'))).notice).toBeNull()
  expect((await readGpus(pretend('NVIDIA L4, 901, 1000, 0'))).notice).toContain(
    'GPU memory is nearly full: NVIDIA L4 90 % (901 of 1000 MiB)',
  )
})

it('says where there is no GPU, or the driver fails', async () => {
  expect(await readGpus({ PATH: folder })).toEqual({ gpus: [], notice: 'No NVIDIA GPU: nvidia-smi is not there' })
  expect((await readGpus(pretend('NVIDIA-SMI has failed', 9))).notice).toMatch(/^No NVIDIA GPU: nvidia-smi failed: /)
  expect((await readGpus(pretend('NVIDIA GB10, [N/A], [N/A], 0'))).notice).toBe('nvidia-smi names no GPU whose memory it can tell')
})
