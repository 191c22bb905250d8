/**
 * @file Words whose likely sense WordNet cannot tell: its counts come from texts, where a tiger is a fierce person and a turtle a sweater.
 * Found by listing the words of the starting list, of COCO and of ImageNet that name an animal and something else.
 */
import { isColourWord } from '../domain/colour/colour-words.ts'

/**
 * Pictures show two or more of their senses, of different kinds: nothing is said of what they are a kind of.
 * A tagger that tells the senses apart names them by other words (`models/vision/label-senses.ts`).
 */
const OPEN_WORDS: ReadonlySet<string> = new Set([
  // an animal, and a machine, a tool, a place or clothing
  'mouse', 'crane', 'seal', 'bat', 'mole', 'jaguar', 'drill', 'drone', 'charger', 'cock', 'ram', 'ray', 'perch', 'skate', 'shell', 'slug',
  'bug', 'tick', 'swallow', 'cricket', 'nutcracker', 'roller', 'rail', 'royal', 'diver', 'slider', 'game', 'egg', 'stilt', 'scooter',
  'mustang', 'hog', 'copper', 'tank', 'pitcher', 'racket', 'kit', 'pad', 'horn',
  // an animal, and a person
  'boxer', 'cardinal', 'monarch', 'admiral', 'queen', 'worker', 'runner', 'siamese', 'kid', 'pointer', 'coach', 'date', 'pest',
  // an animal, and what is on a plate
  'chicken', 'turkey', 'lamb', 'beef', 'crab', 'king crab', 'lobster', 'shrimp', 'prawn', 'squid', 'octopus', 'oyster', 'mussel', 'clam',
  'scallop', 'shellfish', 'salmon', 'trout', 'rainbow trout', 'tuna', 'sardine', 'carp', 'catfish', 'eel', 'flatfish', 'flounder',
  'swordfish', 'snapper', 'blowfish', 'quail', 'partridge', 'pheasant', 'grouse', 'duckling', 'snail', 'kiwi', 'chestnut', 'chow',
]) // biome-ignore format: a list

/** One of their senses is what pictures show, and WordNet names it by another word. */
export const MEANT_WORDS: ReadonlyMap<string, string> = new Map([
  ['tiger', 'bengal tiger'],
  ['whale', 'baleen whale'],
  ['turtle', 'sea turtle'],
  ['leopard', 'snow leopard'],
  ['otter', 'sea otter'],
  ['raccoon', 'common raccoon'],
  ['beaver', 'old world beaver'],
  ['alpaca', 'llama'],
  ['peacock', 'peafowl'],
  ['dolphin', 'bottlenose dolphin'],
  ['seahorse', 'pipefish'],
  ['sea horse', 'pipefish'],
  ['saw horse', 'sawhorse'],
  ['stuffed animal', 'teddy bear'],
  ['stuffed toy', 'teddy bear'],
  ['rubber duck', 'teddy bear'],
])

/** Names of colours that lists of tags also have for what grows: there an orange is a fruit. */
const COLOURED: ReadonlySet<string> = new Set(['orange', 'peach', 'olive', 'lavender'])

/** A tag that is a kind of nothing: white is no person, grey no clothing, teal no duck. */
export const isOpenWord = (word: string): boolean => OPEN_WORDS.has(word) || (isColourWord(word) && !COLOURED.has(word))
