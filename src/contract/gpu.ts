/** @file What the driver says of GPUs. */
import { z } from 'zod'

export const GpuReport = z.object({
  gpus: z.array(
    z.object({
      name: z.string(),
      memory_used_mb: z.number().describe('used memory in MiB, as reported by the driver'),
      memory_total_mb: z.number().describe('total memory in MiB'),
      memory_share: z.number().describe('share of the memory in use, 0–1'),
      utilization: z.number().nullable().describe('utilisation, 0–1; null: not reported by the driver'),
    }),
  ),
  notice: z.string().nullable().describe('why none is shown, or that one is nearly out of memory'),
})
export type GpuReport = z.infer<typeof GpuReport>
