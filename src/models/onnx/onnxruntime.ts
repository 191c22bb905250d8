/** @file The only door to onnxruntime: whoever comes through it cannot load the library with its telemetry on. */
import './no-telemetry.ts'

// biome-ignore lint/performance/noBarrelFile: not to shorten imports, but so that there is one
export { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
