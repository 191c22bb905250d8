/**
 * @file onnxruntime reports to its vendor unless it is told not to: a lasting device id and a queue in the user's cache folder, a log in the
 * temporary folder, DNS queries and uploads. It reads this variable from the environment of the process, which a worker thread cannot change:
 * its `process.env` is a copy of the one it was started with. So the main thread sets it, before it starts a thread or loads the library.
 */
import { isMainThread } from 'node:worker_threads'

export const NO_TELEMETRY = 'ORT_DISABLE_TELEMETRY'

// whatever a person set: there is no telemetry to allow
if (isMainThread) process.env[NO_TELEMETRY] = '1'
else if (process.env[NO_TELEMETRY] !== '1')
  throw new Error(`${NO_TELEMETRY}=1 must be set before a thread loads onnxruntime: start the thread by WorkerModel`)
