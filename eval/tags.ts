/** @file Tags in words, and the calibration of their thresholds, on labelled and captioned pictures with the small stand-in model of the tests. */
import { readdir, readFile } from 'node:fs/promises'
import { toVectorText } from '../src/db/vector.ts'
import { findBroader } from '../src/lexicon/broader.ts'
import { readStartingTags } from '../src/lexicon/starting-tags.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { marginFor } from '../src/models/tagging/score.ts'
import { createTagScorer } from '../src/models/tagging/tag-scorer.ts'
import { createWordEncoder } from '../src/pipeline/tagging/encode-words.ts'
import { makeVocabulary } from '../src/pipeline/tagging/vocabulary.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

interface Coco {
  images: { id: number; file_name: string }[]
  annotations: { image_id: number; category_id: number }[]
  categories: { id: number; name: string }[]
}

export async function run(): Promise<Evaluation> {
  const signal = new AbortController().signal
  const model = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using image = model.image()
  await using text = model.text()
  const embed = async (path: string) => toVectorText(await image.embedImage(await openTestPicture(path)))

  const truth = await readLabels()
  const labels = [...new Set([...truth.values()].flatMap((own) => [...own]))]
  const starting = readStartingTags()
  const own = labels.filter((label) => !starting.includes(label))
  const vocabulary = makeVocabulary(
    starting,
    own.map((word) => ({ word, kind: 'added', prompt: null, broader: [], threshold: null })),
  )
  const encoder = await createWordEncoder(text, signal)
  const words: { word: string; vector: Float32Array; isCohort: boolean }[] = []
  for (const [index, word] of vocabulary.words.entries()) {
    const vector = await encoder.encode(word)
    if (vector) words.push({ word: word.word, vector, isCohort: index < vocabulary.cohort })
  }
  const width = text.space.width
  const vectors = new Float32Array(words.length * width)
  for (const [index, { vector }] of words.entries()) vectors.set(vector, index * width)
  await using scorer = createTagScorer({ width, vectors, cohort: words.filter(({ isCohort }) => isCohort).length })
  const margin = marginFor(words.length)

  const captions = await readCaptions()
  const captioned = [...captions.keys()]
  const captionedVectors: string[] = []
  for (const name of captioned) captionedVectors.push(await embed(dataPath('captioned-photos/images', name)))
  const usual = await scorer.measureUsual(captionedVectors, signal)
  const none = new Float32Array(words.length)
  const say = async (photos: readonly string[], background: Float32Array) =>
    (await scorer.score(photos, background, margin, signal)).map((found) => found.map(({ word }) => words[word]?.word ?? ''))

  // a tag is right when one of five persons named it, or something that is a kind of it
  const known = new Set(words.map(({ word }) => word))
  const expected = captioned.map((name) => listSaid(captions.get(name) ?? [], known))
  const calibrated = count(await say(captionedVectors, usual), expected)
  const plain = count(await say(captionedVectors, none), expected)

  const labelled = [...truth.keys()]
  const labelledVectors: string[] = []
  for (const name of labelled) labelledVectors.push(await embed(dataPath('labelled-photos/images', name)))
  const isLabel = new Set(labels.filter((label) => known.has(label)))
  // only the 80 labels were looked for by the people who labelled: other tags are neither right nor wrong
  const judged = (await say(labelledVectors, usual)).map((tags) => tags.filter((tag) => isLabel.has(tag)))
  const onLabels = count(
    judged,
    labelled.map((name) => new Set([...(truth.get(name) ?? [])].filter((label) => isLabel.has(label)))),
  )
  return {
    name: 'tags',
    metrics: {
      captioned_precision: calibrated.precision,
      captioned_tags_right_each: calibrated.right / captioned.length,
      labelled_precision: onLabels.precision,
      labelled_recall: onLabels.recall,
    },
    notes: [
      `the stand-in knows ${words.length} of ${vocabulary.words.length} words; margin ${margin.toFixed(2)}`,
      `${captioned.length} captioned photos: ${calibrated.said} tags said, ${calibrated.right} named by a caption; ` +
        `without what is usual per tag ${plain.said} said, precision ${plain.precision.toFixed(3)}`,
      `${labelled.length} labelled photos: ${onLabels.said} tags of the ${isLabel.size} labels said, ${onLabels.right} right of ${onLabels.right + onLabels.missed}`,
    ],
  }
}

function count(said: readonly (readonly string[])[], expected: readonly ReadonlySet<string>[]) {
  let right = 0
  let all = 0
  let missed = 0
  for (const [index, tags] of said.entries()) {
    const own = expected[index] ?? new Set()
    all += tags.length
    right += tags.filter((tag) => own.has(tag)).length
    missed += [...own].filter((tag) => !tags.includes(tag)).length
  }
  return { said: all, right, missed, precision: right / Math.max(1, all), recall: right / Math.max(1, right + missed) }
}

/** Words of a vocabulary that captions say, and what these are kinds of. */
function listSaid(captions: readonly string[], known: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  for (const caption of captions) {
    const words = caption
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word !== '')
    for (let start = 0; start < words.length; start++)
      for (let length = 1; length <= 3; length++) {
        const phrase = words.slice(start, start + length).join(' ')
        for (const form of [phrase, phrase.replace(/s$/, ''), phrase.replace(/es$/, ''), phrase.replace(/men$/, 'man')])
          if (known.has(form)) for (const term of [form, ...findBroader(form)]) found.add(term)
      }
  }
  return found
}

async function readCaptions(): Promise<Map<string, string[]>> {
  const captions = new Map<string, string[]>()
  for (const line of (await readFile(dataPath('captioned-photos/captions.tsv'), 'utf8')).trim().split('\n')) {
    const [name = '', caption = ''] = line.split('\t')
    captions.set(name, [...(captions.get(name) ?? []), caption])
  }
  return captions
}

async function readLabels(): Promise<Map<string, Set<string>>> {
  const coco = JSON.parse(await readFile(dataPath('labelled-photos', 'instances_val2017.json'), 'utf8')) as Coco
  const there = new Set(await readdir(dataPath('labelled-photos', 'images')))
  const names = new Map(coco.images.map((image) => [image.id, image.file_name]))
  const labels = new Map(coco.categories.map((category) => [category.id, category.name]))
  const truth = new Map<string, Set<string>>()
  for (const { image_id, category_id } of coco.annotations) {
    const name = names.get(image_id) ?? ''
    if (there.has(name)) truth.set(name, (truth.get(name) ?? new Set()).add(labels.get(category_id) ?? ''))
  }
  return truth
}
