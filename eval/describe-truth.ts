/** @file What is known of the test pictures, in the words a describer should use: categories, labels, and what people said of them. */
import { readdir, readFile } from 'node:fs/promises'
import type { PrimaryCategory } from '../src/contract/words.ts'
import { dataPath } from '../test/support/shared.ts'

export interface KnownPicture {
  readonly path: string
  /** categories a person could give; empty where the labels do not say */
  readonly categories: readonly PrimaryCategory[]
  /** groups of words that mean one thing that is in the picture; a describer should say one of each */
  readonly things: readonly (readonly string[])[]
  /** words at least three of five people used */
  readonly agreed: readonly string[]
}

/** COCO's words and what else people call them. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  person: ['people', 'man', 'men', 'woman', 'women', 'child', 'children', 'boy', 'girl', 'crowd', 'player', 'baby', 'adult'],
  motorcycle: ['motorbike'],
  airplane: ['plane', 'aircraft', 'jet', 'airliner'],
  couch: ['sofa'],
  tv: ['television', 'monitor', 'screen'],
  'dining table': ['table', 'dinner table'],
  'cell phone': ['phone', 'smartphone', 'mobile'],
  'potted plant': ['plant', 'houseplant'],
  'sports ball': ['ball', 'tennis ball', 'soccer ball', 'baseball', 'football'],
  'wine glass': ['glass'],
  donut: ['doughnut'],
  handbag: ['bag', 'purse'],
  backpack: ['bag', 'rucksack'],
  laptop: ['computer', 'notebook'],
  refrigerator: ['fridge'],
  bicycle: ['bike'],
  'fire hydrant': ['hydrant'],
  'teddy bear': ['stuffed animal', 'plush', 'toy'],
}
const COCO_CATEGORY: Readonly<Record<string, PrimaryCategory>> = { person: 'people', animal: 'animals', vehicle: 'vehicles', food: 'food' }
/** The main thing covers this much of the picture, and twice as much as the next: below, a person could say either. */
const CLEAR_SHARE = 0.15
/** Smaller things are background. */
const NOTED_SHARE = 0.02

interface Coco {
  images: { id: number; file_name: string; width: number; height: number }[]
  annotations: { image_id: number; category_id: number; area: number; iscrowd: number }[]
  categories: { id: number; name: string; supercategory: string }[]
}

export async function readLabelledPictures(): Promise<KnownPicture[]> {
  const coco = JSON.parse(await readFile(dataPath('labelled-photos', 'instances_val2017.json'), 'utf8')) as Coco
  const there = new Set(await readdir(dataPath('labelled-photos', 'images')))
  const kinds = new Map(coco.categories.map((kind) => [kind.id, kind]))
  return coco.images
    .filter((image) => there.has(image.file_name))
    .map((image) => {
      const shares = new Map<PrimaryCategory, number>()
      const names = new Set<string>()
      for (const { image_id, category_id, area, iscrowd } of coco.annotations) {
        const kind = kinds.get(category_id)
        if (image_id !== image.id || !kind) continue
        const share = area / (image.width * image.height)
        if (share >= NOTED_SHARE) names.add(kind.name)
        const category = COCO_CATEGORY[kind.supercategory] ?? 'objects'
        if (!iscrowd) shares.set(category, Math.max(shares.get(category) ?? 0, share))
      }
      const [first, second] = [...shares].sort((a, b) => b[1] - a[1])
      const isClear = first !== undefined && first[1] >= CLEAR_SHARE && first[1] >= 2 * (second?.[1] ?? 0)
      return {
        path: dataPath('labelled-photos', 'images', image.file_name),
        categories: isClear ? [first[0]] : [],
        things: [...names].map((name) => [name, ...(OTHER_WORDS[name] ?? [])]),
        agreed: [],
      }
    })
}

/** ImageNet ids up to here are animals. */
const LAST_ANIMAL = 'n02500000'
/** What is no plain object; more than one where a person could say either. */
const CLASS_CATEGORIES: Readonly<Record<string, readonly PrimaryCategory[]>> = {
  academic_gown: ['people', 'objects'],
  breakwater: ['nature', 'architecture'],
  cliff_dwelling: ['architecture', 'nature'],
  drilling_platform: ['architecture', 'objects', 'vehicles'],
  football_helmet: ['people', 'objects'],
  greenhouse: ['architecture', 'nature'],
  mobile_home: ['vehicles', 'architecture'],
  nipple: ['objects', 'people'],
  schooner: ['vehicles'],
  steam_locomotive: ['vehicles'],
  tobacco_shop: ['architecture'],
  unicycle: ['vehicles', 'people', 'objects'],
  water_tower: ['architecture'],
  spaghetti_squash: ['food'],
  chocolate_sauce: ['food'],
  volcano: ['nature'],
  crib: ['objects', 'people'],
  banjo: ['objects', 'people'],
}

export async function readClassifiedPictures(): Promise<KnownPicture[]> {
  const files = (await readdir(dataPath('classified-photos'))).filter((file) => file.endsWith('.JPEG'))
  return files.map((file) => {
    const [, id = '', name = ''] = /^(n\d+)_(.+)\.JPEG$/.exec(file) ?? []
    return {
      path: dataPath('classified-photos', file),
      categories: id < LAST_ANIMAL ? (['animals'] as const) : (CLASS_CATEGORIES[name] ?? (['objects'] as const)),
      things: [], // ImageNet's fine names (chow, titi) are not what a person would search
      agreed: [],
    }
  })
}

const AGREEING = 3

/** @param count the first so many by name */
export async function readCaptionedPictures(count: number): Promise<KnownPicture[]> {
  const captions = new Map<string, string[]>()
  for (const line of (await readFile(dataPath('captioned-photos', 'captions.tsv'), 'utf8')).split('\n')) {
    const [file, caption] = line.split('\t')
    if (file && caption) captions.set(file, [...(captions.get(file) ?? []), caption])
  }
  return [...captions].slice(0, count).map(([file, said]) => {
    const uses = new Map<string, number>()
    for (const caption of said) for (const word of contentWords(caption)) uses.set(word, (uses.get(word) ?? 0) + 1)
    const agreed = [...uses].filter(([, times]) => times >= AGREEING).map(([word]) => word)
    const has = (...words: string[]) => words.some((word) => agreed.includes(word))
    const [animals, people] = [
      has('dog', 'horse', 'cat', 'bird'),
      has('man', 'woman', 'boy', 'girl', 'people', 'person', 'child', 'men', 'children'),
    ]
    const categories: PrimaryCategory[] = animals && !people ? ['animals'] : people && !animals ? ['people'] : []
    return { path: dataPath('captioned-photos', 'images', file), categories, things: [], agreed }
  })
}

const FILLERS = new Set(
  (
    'a an the is are was were be of on in at to and or with by for from into onto over under near while ' +
    'its his her their this that there it as two three one some other another up down out off through'
  ).split(' '),
)

/** Lower case, without fillers; plurals folded as far as an `s` goes. */
export function contentWords(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  return new Set(words.filter((word) => !FILLERS.has(word)).map(foldPlural))
}

export function foldPlural(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}
