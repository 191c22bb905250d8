/**
 * @file `npm run calibrate:tags [-- count]`: writes `src/search/data/tag-certainty.json`, how often the tags of the built-in finder of
 * things are right, by confidence. Truth are the captions of `captioned-train`: a class is there when at least two of five persons name it.
 * The photos that evaluations report on are never looked at. Pool adjacent violators makes the shares rise with the confidence
 * (Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability estimates, KDD 2002).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createVisionModels } from '../src/models/providers/builtin-vision/index.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { dataPath } from '../test/support/shared.ts'
import { isNamedClass, listNamed } from './coco-names.ts'

const MIN_NAMED = 2
/** Of the 7,000 photos, evenly. */
const COUNT = Number(process.argv[2] ?? 1000)
/** Tags per point of a curve. */
const MIN_POINT = 25
/** Tags of a class that has a curve of its own. */
const MIN_OWN = 150
const FILE = new URL('../src/search/data/tag-certainty.json', import.meta.url)

interface Said {
  readonly tag: string
  readonly confidence: number
  readonly isRight: boolean
}

const captions = new Map<string, string[]>()
for (const row of readFileSync(dataPath('captioned-train/captions.tsv'), 'utf8').trim().split('\n')) {
  const [, name = '', caption = ''] = row.split('\t')
  captions.set(name, [...(captions.get(name) ?? []), caption])
}
const step = Math.max(1, Math.floor(captions.size / COUNT))
const names = [...captions.keys()].filter((_, i) => i % step === 0).slice(0, COUNT)

const models = createVisionModels()
const said: Said[] = []
for (const [i, name] of names.entries()) {
  const named = listNamed(captions.get(name) ?? [], MIN_NAMED)
  const best = new Map<string, number>()
  for (const { label, confidence } of await models.objects.findObjects(await openTestPicture(dataPath('captioned-train/images', name))))
    best.set(label, Math.max(confidence, best.get(label) ?? 0))
  for (const [tag, confidence] of best) if (isNamedClass(tag)) said.push({ tag, confidence, isRight: named.has(tag) })
  if (i % 100 === 99) console.error(`${i + 1} of ${names.length} photos, ${said.length} tags`)
}
const id = models.objects.info.id
await models.faces[Symbol.asyncDispose]()
await models.objects[Symbol.asyncDispose]()

const own = [...Map.groupBy(said, ({ tag }) => tag)].filter(([, tags]) => tags.length >= MIN_OWN)
const model = {
  photos: names.length,
  said: said.length,
  all: fitCurve(said),
  tags: Object.fromEntries(own.map(([tag, tags]) => [tag, fitCurve(tags)])),
}
const before = JSON.parse(readFileSync(FILE, 'utf8')) as { models: object }
writeFileSync(FILE, `${JSON.stringify({ models: { ...before.models, [id]: model } }, null, 2)}\n`)
console.log(JSON.stringify(model, null, 2))

/** Means of neighbours by confidence, joined until their shares rise. */
function fitCurve(tags: readonly Said[]): { at: number[]; right: number[] } {
  const sorted = [...tags].sort((a, b) => a.confidence - b.confidence)
  const size = Math.max(MIN_POINT, Math.ceil(sorted.length / 12))
  const blocks: { confidence: number; right: number; count: number }[] = []
  for (let from = 0; from < sorted.length; from += size) {
    const some = sorted.slice(from, from + size)
    blocks.push({
      confidence: some.reduce((sum, { confidence }) => sum + confidence, 0),
      right: some.filter(({ isRight }) => isRight).length,
      count: some.length,
    })
    for (let last = blocks.length - 1; last > 0; last = blocks.length - 1) {
      const [a, b] = [blocks[last - 1], blocks[last]]
      if (!a || !b || shareOf(a) < shareOf(b)) break
      blocks.splice(-2, 2, { confidence: a.confidence + b.confidence, right: a.right + b.right, count: a.count + b.count })
    }
  }
  const round = (value: number) => Math.round(value * 1000) / 1000
  return { at: blocks.map(({ confidence, count }) => round(confidence / count)), right: blocks.map((block) => round(shareOf(block))) }
}

/** With one tag more, half right: of few, no share is 0 or 1. */
function shareOf({ right, count }: { readonly right: number; readonly count: number }): number {
  return (right + 0.5) / (count + 1)
}
