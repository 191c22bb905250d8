/** @file Tries a network that cuts out: loaded, run on a picture, its answer checked. */
import type { Runtime } from '../../onnx/session.ts'
import { measureRuns } from '../../trial/measure-runs.ts'
import { TEST_PICTURE } from '../../vision/test-picture.ts'
import { openCutter } from './open-cutter.ts'

export async function tryCutter(folder: string, runtime: Runtime, signal: AbortSignal): Promise<{ width: null; msPerPicture: number }> {
  await using cutter = await (await openCutter(folder, runtime)).open()
  const run = () => cutter.findOutline(TEST_PICTURE, { signal })
  await run()
  return { width: null, msPerPicture: await measureRuns(run) }
}
