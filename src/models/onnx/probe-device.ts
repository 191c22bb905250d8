/** @file Whether the device that `DEVICE` names can be used at all, found out by a network of one node before any model is opened. */

import type { Device } from '../../config/device.ts'
import { describeError } from '../../domain/errors.ts'
import { chooseAccelerator, fallbackNotice } from './device.ts'
import { env, InferenceSession, Tensor } from './onnxruntime.ts'

/** y = −x, one number: ONNX IR 8, opset 11. */
const ONE_NODE = Buffer.from('CAg6NgoLCgF4EgF5IgNOZWcSBWdyYXBoWg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUIECgAQCw==', 'base64')

/** The accelerators that `auto` tries: of the others no answer was ever compared with the processor’s (`device.ts`). */
const TRIED: readonly Device[] = ['cuda']

export interface DeviceChoice {
  readonly device: Device
  /** for a person: which, and why not another */
  readonly reason: string
}

/** `auto` is the first accelerator that computes rightly here, and the processor where none does; what is asked for by name stays. */
export async function chooseDevice(asked: Device, probe: (device: Device) => Promise<string | null> = probeDevice): Promise<DeviceChoice> {
  if (asked !== 'auto') return { device: asked, reason: `DEVICE=${asked}` }
  const reasons: string[] = []
  for (const device of TRIED) {
    const notice = await probe(device)
    if (notice === null) return { device, reason: `DEVICE=auto: ${device} works here` }
    reasons.push(/\((.+)\)/s.exec(notice)?.[1] ?? notice)
  }
  return { device: 'cpu', reason: `DEVICE=auto: no GPU can be used (${reasons.join('; ')}); docs/gpu.md says what CUDA needs` }
}

/** @returns for a person, where models run on the CPU although another device was asked for; null otherwise */
export async function probeDevice(device: Device): Promise<string | null> {
  const { accelerator, notice } = chooseAccelerator(device)
  if (accelerator === null) return notice
  env.logLevel = 'fatal' // the failure is told as a notice, not as a line of C++ on the terminal
  try {
    const session = await InferenceSession.create(ONE_NODE, { executionProviders: [accelerator], logSeverityLevel: 4 })
    try {
      // a driver that opens a network and cannot compute with it is found here
      const { y } = await session.run({ x: new Tensor('float32', [3], [1]) })
      if (y?.data[0] !== -3) throw new Error(`it answered ${y?.data[0]} where −3 is right`)
      return null
    } finally {
      await session.release()
    }
  } catch (error) {
    return fallbackNotice(accelerator, describeError(error).split('\n')[0] ?? '')
  }
}
