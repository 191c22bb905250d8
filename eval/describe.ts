/**
 * @file A describer against pictures of which the answer is known: category, things named, words that people agree on.
 * It measures what `FOTOTECA_DESCRIBE` names, by the same code that serves the library; without it, it says so and measures nothing.
 */
import sharp from 'sharp'
import { loadConfig } from '../src/config/load.ts'
import { openDescriber } from '../src/models/describe/open-describer.ts'
import type { DescribeResult, Describer } from '../src/models/ports/describer.ts'
import { ProviderFailure } from '../src/models/providers/provider-failure.ts'
import {
  contentWords,
  foldPlural,
  type KnownPicture,
  readCaptionedPictures,
  readClassifiedPictures,
  readLabelledPictures,
} from './describe-truth.ts'
import type { Evaluation } from './metric.ts'

const CAPTIONED = 60
/** System C's own bar. */
const TARGET = 0.9

/**
 * @param env settings; the environment's by default
 * @param every only each so-many-th picture, for tests
 */
export async function run(env?: Readonly<Record<string, string>>, every = 1): Promise<Evaluation> {
  const config = loadConfig(env)
  if (config.describe === undefined)
    return skipped(
      'no provider is configured: set FOTOTECA_DESCRIBE (e.g. ollama-qwen2.5vl, or gpt with FOTOTECA_OPENAI_KEY) and run it again',
    )
  await using describer = openDescriber(config.describe, config)
  const all = [...(await readLabelledPictures()), ...(await readClassifiedPictures()), ...(await readCaptionedPictures(CAPTIONED))]
  const pictures = all.filter((_, at) => at % every === 0)
  if (describer.isRemote) console.log(`  ${pictures.length} test pictures are sent to ${describer.sendsTo.join(', ')}`)
  return evaluateDescriber(describer, pictures)
}

function skipped(why: string): Evaluation {
  return { name: 'describe', metrics: {}, notes: [`SKIPPED, nothing was measured: ${why}`] }
}

/**
 * Each describer has its own baseline: metrics carry its name.
 * A picture it refused or answered with nothing usable counts as wrong; when the provider itself fails, nothing is measured.
 */
export async function evaluateDescriber(describer: Describer, pictures: readonly KnownPicture[]): Promise<Evaluation> {
  const sums = makeSums()
  const spent = { ms: 0, input: 0, output: 0, money: 0, currency: '' }
  const wrong: string[] = []
  for (const known of pictures) {
    let said: DescribeResult | null = null
    try {
      said = await describer.describe(await readJpeg(known.path, describer.maxSide))
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error
      if (error.fault === 'configuration' || (error.fault === 'provider' && error.kind !== 'bad-answer'))
        return skipped(`the provider failed after ${sums.whole.of} pictures: ${error.message}`)
    }
    sums.whole.count(said !== null && !said.fallbackUsed)
    score(known, said, sums, wrong)
    spent.ms += said?.durationMs ?? 0
    spent.input += said?.usage.inputTokens ?? 0
    spent.output += said?.usage.outputTokens ?? 0
    spent.money += said?.usage.cost?.amount ?? 0
    spent.currency ||= said?.usage.cost?.currency ?? ''
  }
  const count = Math.max(1, pictures.length)
  const name = (metric: string) => `${describer.info.name} ${metric}`
  return {
    name: 'describe',
    metrics: {
      [name('category_accuracy')]: sums.category.value,
      [name('thing_recall')]: sums.things.value,
      [name('agreed_word_recall')]: sums.words.value,
      [name('tags_thing_recall')]: sums.tags.value,
      [name('objects_thing_recall')]: sums.objects.value,
      [name('description_word_recall')]: sums.description.value,
      [name('alt_text_word_recall')]: sums.altText.value,
      [name('whole_answers')]: sums.whole.value,
    },
    notes: [
      `${describer.info.id}, ${describer.form}, ${describer.promptVersion}: ${pictures.length} pictures; ` +
        `${sums.category.of} with a clear category, ${sums.things.of} labelled things, ${sums.words.of} words that three of five people used`,
      `category accuracy ${sums.category.value.toFixed(3)}: ${sums.category.value > TARGET ? 'above' : 'NOT above'} the target of ${TARGET}`,
      `${(spent.ms / 1000 / count).toFixed(2)} s, ${Math.round(spent.input / count)} + ${Math.round(spent.output / count)} ` +
        `tokens${spent.currency ? `, ${(spent.money / count).toFixed(5)} ${spent.currency}` : ''} per picture`,
      ...(wrong.length > 0 ? [`wrong categories: ${wrong.slice(0, 12).join(', ')}${wrong.length > 12 ? ', …' : ''}`] : []),
    ],
  }
}

const makeSums = () => ({
  category: new Share(),
  /** labelled things among tags or objects, and in each of them */
  things: new Share(),
  tags: new Share(),
  objects: new Share(),
  /** words that people agree on, anywhere, and in each text */
  words: new Share(),
  description: new Share(),
  altText: new Share(),
  whole: new Share(),
})

class Share {
  right = 0
  of = 0
  count(isRight: boolean): void {
    this.of++
    if (isRight) this.right++
  }
  get value(): number {
    return this.right / Math.max(1, this.of)
  }
}

function score(known: KnownPicture, said: DescribeResult | null, sums: ReturnType<typeof makeSums>, wrong: string[]): void {
  const { primaryCategory = null, tags = [], detectedObjects = [], description, altText } = said?.description ?? {}
  if (known.categories.length > 0) {
    const isRight = primaryCategory !== null && known.categories.includes(primaryCategory)
    sums.category.count(isRight)
    if (!isRight) wrong.push(`${known.path.split('/').at(-1)} ${known.categories.join('/')}→${primaryCategory ?? 'none'}`)
  }
  const objects = detectedObjects.map((object) => object.name)
  const fields = [
    [sums.things, splitNames([...tags, ...objects])],
    [sums.tags, splitNames(tags)],
    [sums.objects, splitNames(objects)],
  ] as const
  for (const ways of known.things) for (const [sum, words] of fields) sum.count(ways.some((way) => words.has(foldPlural(way))))
  const texts = [
    [sums.words, contentWords([description, altText, ...tags, ...objects].join(' '))],
    [sums.description, contentWords(description ?? '')],
    [sums.altText, contentWords(altText ?? '')],
  ] as const
  for (const word of known.agreed) for (const [sum, words] of texts) sum.count(words.has(word))
}

const splitNames = (names: readonly string[]): Set<string> =>
  new Set(names.flatMap((name) => [name, ...name.split(' ')]).map((word) => foldPlural(word)))

async function readJpeg(path: string, maxSide: number) {
  const image = sharp(path).rotate().resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
  const { data, info } = await image.jpeg({ quality: 85 }).toBuffer({ resolveWithObject: true })
  return { jpeg: data, width: info.width, height: info.height }
}
