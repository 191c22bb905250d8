/** @file Whether the device that `DEVICE` names can be used at all, found out by a network of one node before any model is opened. */

import type { Device } from '../../config/device.ts'
import { describeError } from '../../domain/errors.ts'
import { chooseAccelerator, fallbackNotice } from './device.ts'
import { env, InferenceSession } from './onnxruntime.ts'

/** y = −x, one number: ONNX IR 8, opset 11. */
const ONE_NODE = Buffer.from('CAg6NgoLCgF4EgF5IgNOZWcSBWdyYXBoWg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUIECgAQCw==', 'base64')

/** @returns for a person, where models run on the CPU although another device was asked for; null otherwise */
export async function probeDevice(device: Device): Promise<string | null> {
  const { accelerator, notice } = chooseAccelerator(device)
  if (accelerator === null) return notice
  env.logLevel = 'fatal' // the failure is told as a notice, not as a line of C++ on the terminal
  try {
    const session = await InferenceSession.create(ONE_NODE, { executionProviders: [accelerator], logSeverityLevel: 4 })
    await session.release()
    return null
  } catch (error) {
    return fallbackNotice(accelerator, describeError(error).split('\n')[0] ?? '')
  }
}
