/** @file What the driver says of GPUs. */
import { z } from 'zod'

export const GpuReport = z.object({
  gpus: z.array(
    z.object({
      name: z.string(),
      memory_used_mb: z.number().describe('MiB, as the driver says'),
      memory_total_mb: z.number(),
      memory_share: z.number().describe('0–1'),
      utilization: z.number().nullable().describe('0–1; null where the driver does not say'),
    }),
  ),
  notice: z.string().nullable().describe('why none is shown, or that the memory of one is nearly full'),
})
export type GpuReport = z.infer<typeof GpuReport>
