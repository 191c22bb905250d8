/** @file Where a model runs: what `DEVICE` allows, what this computer has, and what is said when the two differ. */

import type { Device } from '../../config/device.ts'
import { listSupportedBackends } from './onnxruntime.ts'

/** onnxruntime’s name of each device, and the word for it in a sentence. */
const PROVIDERS = { cuda: 'CUDA', coreml: 'Core ML', dml: 'DirectML' } as const satisfies Record<Exclude<Device, 'auto' | 'cpu'>, string>
export type Accelerator = keyof typeof PROVIDERS

/** What `auto` means was found out at the start (`chooseDevice`): here it is the processor. */
export function chooseAccelerator(device: Device): { readonly accelerator: Accelerator | null; readonly notice: string | null } {
  if (device === 'auto' || device === 'cpu') return { accelerator: null, notice: null }
  const has = new Set(listSupportedBackends().map(({ name }) => name))
  if (has.has(device)) return { accelerator: device, notice: null }
  return {
    accelerator: null,
    notice: `DEVICE=${device}: ${PROVIDERS[device]} is not part of onnxruntime on this system (it has ${[...has].join(', ')}), so models run on the CPU; set DEVICE=auto to be told no more`,
  }
}

export function fallbackNotice(accelerator: Accelerator, reason: string): string {
  return `DEVICE=${accelerator}: ${PROVIDERS[accelerator]} cannot be used here (${reason}), so models run on the CPU; install what it needs, or set DEVICE=auto to be told no more`
}
