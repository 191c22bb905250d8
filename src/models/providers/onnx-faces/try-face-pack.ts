/** @file Tries a face pack: both networks are loaded and run; the picture of the trial shows no face, so the recogniser is asked directly. */
import type { Runtime } from '../../onnx/session.ts'
import { measureRuns } from '../../trial/measure-runs.ts'
import { TEST_PICTURE } from '../../vision/test-picture.ts'
import { openFacePack } from './open-face-pack.ts'

export async function tryFacePack(folder: string, runtime: Runtime, signal: AbortSignal): Promise<{ width: number; msPerPicture: number }> {
  const pack = await openFacePack(folder, runtime)
  await using finder = await pack.open()
  return { width: finder.space.width, msPerPicture: await measureRuns(() => finder.findFaces(TEST_PICTURE, { signal })) }
}
