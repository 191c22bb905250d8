/** @file Brought-along models by manifest on real pictures: a YOLO beside the built-in detector, an ImageNet tagger on pictures of one class each. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openVisionModel } from '../src/models/providers/onnx-vision/open-vision-model.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { nameOfClass, writeMobileNet, writeYolo } from '../test/support/real-networks.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'
import { countObjects, readTruth } from './objects.ts'

export async function run(): Promise<Evaluation> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-eval-'))
  try {
    const truth = await readTruth()
    const yolo = await openVisionModel(await writeYolo(join(folder, 'yolo')), { device: 'cpu' })
    await using finder = await yolo.openDetector()
    const found = new Map<string, Awaited<ReturnType<typeof finder.findObjects>>>()
    for (const file of truth.keys())
      found.set(file, await finder.findObjects(await openTestPicture(dataPath('labelled-photos', 'images', file))))
    const { tag, box } = countObjects(found, truth)

    const mobilenet = await openVisionModel(await writeMobileNet(join(folder, 'mobilenet')), { device: 'cpu' })
    await using tagger = await mobilenet.openTagger()
    const files = (await readdir(dataPath('classified-photos'))).sort()
    let [right, said] = [0, 0]
    for (const file of files) {
      const tags = await tagger.tagPicture(await openTestPicture(dataPath('classified-photos', file)))
      said += tags.length
      if (tags.some((one) => one.tag === nameOfClass(file))) right++
    }
    return {
      name: 'vision-models',
      metrics: {
        yolo_tag_precision: tag.precision,
        yolo_tag_recall: tag.recall,
        yolo_tag_f1: tag.f1,
        yolo_box_precision: box.precision,
        yolo_box_recall: box.recall,
        mobilenet_tag_recall: right / files.length,
        mobilenet_tag_precision: right / Math.max(1, said),
      },
      notes: [
        `YOLOv8n int8 at .4 on ${truth.size} labelled pictures; the built-in detector on the same: npm run eval -- objects`,
        `MobileNetV2 int8 on ${files.length} classified pictures: ${right} named, ${said} classes of 1,000 said in all`,
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
