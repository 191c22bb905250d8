/** @file Tries a brought-along model: loaded, run on a picture, its answer checked against the manifest. */
import type { Runtime } from '../../onnx/session.ts'
import { measureRuns } from '../../trial/measure-runs.ts'
import { TEST_PICTURE } from '../../vision/test-picture.ts'
import { openVisionModel } from './open-vision-model.ts'

export async function tryVisionModel(
  folder: string,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<{ width: null; msPerPicture: number }> {
  const model = await openVisionModel(folder, runtime)
  if (model.task === 'tag') {
    await using tagger = await model.openTagger()
    return { width: null, msPerPicture: await measureRuns(() => tagger.tagPicture(TEST_PICTURE, { signal })) }
  }
  await using finder = await model.openDetector()
  return { width: null, msPerPicture: await measureRuns(() => finder.findObjects(TEST_PICTURE, { signal })) }
}
