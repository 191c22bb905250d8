/** @file Objects: tags per picture and boxes (overlap ≥ .5) on the COCO pictures of `labelled-photos`. */
import { readdir, readFile } from 'node:fs/promises'
import { type Box, boxOverlap } from '../src/domain/geometry.ts'
import type { FoundObject } from '../src/models/ports/capability.ts'
import { createVisionModels } from '../src/models/providers/builtin-vision/index.ts'
import { nameSenses } from '../src/models/vision/label-senses.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

interface Truth {
  readonly label: string
  readonly box: Box
  /** a region of many that COCO did not count one by one: neither found nor false */
  readonly isCrowd: boolean
}
interface Coco {
  images: { id: number; file_name: string; width: number; height: number }[]
  annotations: { image_id: number; category_id: number; bbox: [number, number, number, number]; iscrowd: number }[]
  categories: { id: number; name: string }[]
}
/** COCO's own measure of a box: found at this overlap. */
const SAME_BOX = 0.5

export async function run(): Promise<Evaluation> {
  const truth = await readTruth()
  const models = createVisionModels()
  const found = new Map<string, FoundObject[]>()
  try {
    for (const file of truth.keys())
      found.set(file, await models.objects.findObjects(await openTestPicture(dataPath('labelled-photos', 'images', file))))
  } finally {
    await models.faces[Symbol.asyncDispose]()
    await models.objects[Symbol.asyncDispose]()
  }
  const { tag, box, tags, boxes, wrongLabels } = countObjects(found, truth)
  return {
    name: 'objects',
    metrics: {
      tag_precision: tag.precision,
      tag_recall: tag.recall,
      tag_f1: tag.f1,
      box_precision: box.precision,
      box_recall: box.recall,
    },
    notes: [
      `${truth.size} pictures, ${tags.right + tags.missed} labels, ${boxes.right + boxes.missed} boxes`,
      `labels said wrongly: ${[...wrongLabels]
        .sort((a, b) => b[1] - a[1])
        .map(([label, count]) => `${label} ${count}`)
        .join(', ')}`,
    ],
  }
}

/** What was found against what is there: tags per picture, and boxes. */
export function countObjects(found: ReadonlyMap<string, readonly FoundObject[]>, truth: ReadonlyMap<string, readonly Truth[]>) {
  const tags = { right: 0, wrong: 0, missed: 0 }
  const boxes = { right: 0, wrong: 0, missed: 0 }
  const wrongLabels = new Map<string, number>()
  for (const [file, expected] of truth) {
    const objects = found.get(file) ?? []
    const said = new Set(objects.map((object) => object.label))
    const there = new Set(expected.map((object) => object.label))
    for (const label of said) {
      if (there.has(label)) tags.right++
      else {
        tags.wrong++
        wrongLabels.set(label, (wrongLabels.get(label) ?? 0) + 1)
      }
    }
    for (const label of there) if (!said.has(label)) tags.missed++
    countBoxes(objects, expected, boxes)
  }
  return { tag: rate(tags), box: rate(boxes), tags, boxes, wrongLabels }
}

export async function readTruth(): Promise<Map<string, Truth[]>> {
  const coco = JSON.parse(await readFile(dataPath('labelled-photos', 'instances_val2017.json'), 'utf8')) as Coco
  const there = new Set(await readdir(dataPath('labelled-photos', 'images')))
  const images = new Map(coco.images.filter((image) => there.has(image.file_name)).map((image) => [image.id, image]))
  const said = nameSenses(coco.categories.map(({ name }) => name))
  const names = new Map(coco.categories.map(({ id }, index) => [id, said[index]]))
  const truth = new Map([...images.values()].map((image) => [image.file_name, [] as Truth[]]))
  for (const { image_id, category_id, bbox, iscrowd } of coco.annotations) {
    const image = images.get(image_id)
    if (!image) continue
    const [x, y, width, height] = bbox
    truth.get(image.file_name)?.push({
      label: names.get(category_id) ?? '',
      box: { x: x / image.width, y: y / image.height, width: width / image.width, height: height / image.height },
      isCrowd: iscrowd === 1,
    })
  }
  return truth
}

/** Best boxes first; each true box is found once. */
function countBoxes(
  found: readonly FoundObject[],
  expected: readonly Truth[],
  sum: { right: number; wrong: number; missed: number },
): void {
  const single = expected.filter((object) => !object.isCrowd)
  const taken = new Set<Truth>()
  for (const object of [...found].sort((a, b) => b.confidence - a.confidence)) {
    const match = single
      .filter((truth) => truth.label === object.label && !taken.has(truth) && boxOverlap(truth.box, object.box) >= SAME_BOX)
      .sort((a, b) => boxOverlap(b.box, object.box) - boxOverlap(a.box, object.box))[0]
    if (match) {
      taken.add(match)
      sum.right++
    } else if (!expected.some((truth) => truth.isCrowd && truth.label === object.label)) sum.wrong++
  }
  sum.missed += single.length - taken.size
}

function rate({ right, wrong, missed }: { right: number; wrong: number; missed: number }) {
  const precision = right / Math.max(1, right + wrong)
  const recall = right / Math.max(1, right + missed)
  return { precision, recall, f1: (2 * precision * recall) / Math.max(1e-9, precision + recall) }
}
