/** @file Which words ask for a class of the detector: its name, how else it is called, and what it is a kind of. */
import { findBroader } from '../../src/lexicon/broader.ts'
import { isOpenWord } from '../../src/lexicon/senses.ts'
import { COCO_LABELS } from '../../src/models/providers/builtin-vision/coco-labels.ts'

/** Names whose first sense is another: a colour, an animal, what one holds on to. */
const OTHER_SENSE: ReadonlySet<string> = new Set(['person', 'orange', 'mouse', 'remote', 'tie'])

const ALSO_CALLED: Readonly<Partial<Record<(typeof COCO_LABELS)[number], string>>> = {
  bicycle: 'bike cycle',
  car: 'automobile sedan taxi cab',
  motorcycle: 'motorbike moped',
  airplane: 'plane aeroplane aircraft jet airliner',
  train: 'locomotive',
  truck: 'lorry pickup',
  boat: 'ship sailboat canoe kayak yacht',
  bird: 'parrot pigeon gull seagull duck eagle swan owl sparrow',
  cat: 'kitten kitty',
  dog: 'puppy',
  horse: 'pony foal',
  cow: 'cattle bull',
  backpack: 'rucksack',
  umbrella: 'parasol',
  handbag: 'purse',
  tie: 'necktie',
  suitcase: 'luggage baggage',
  skis: 'ski skiing skier',
  snowboard: 'snowboarding snowboarder',
  skateboard: 'skateboarding skateboarder',
  surfboard: 'surfing surfer surf',
  'traffic light': 'stoplight',
  'fire hydrant': 'hydrant',
  cup: 'mug',
  sandwich: 'burger hamburger',
  donut: 'doughnut',
  cake: 'cupcake',
  chair: 'armchair',
  couch: 'sofa settee',
  'potted plant': 'houseplant',
  tv: 'television',
  laptop: 'notebook',
  'cell phone': 'phone cellphone smartphone',
  oven: 'stove',
  sink: 'washbasin',
  refrigerator: 'fridge',
  'hot dog': 'hotdog',
  'teddy bear': 'teddy',
}

/** Terms of the lexical database that are so wide, or so seldom meant so, that they would bring what nobody asked for. */
const TOO_WIDE: ReadonlySet<string> = new Set([
  'adult', 'ball', 'block', 'box', 'case', 'club', 'container', 'course', 'cut', 'equipment', 'fabric', 'game', 'instrument', 'kit', 'machine',
  'material', 'mechanism', 'meal', 'mechanical', 'obstruction', 'plaything', 'product', 'publication', 'signal', 'source', 'stick', 'structure',
  'support', 'sign', 'system', 'timepiece', 'tool', 'work', 'vessel', 'starches', 'transport', 'board', 'bag', 'plant', 'room', 'seat', 'stock',
  'restraint', 'protective', 'runner', 'shelter', 'craft', 'merchandise', 'dish', 'nutriment', 'table', 'lamp', 'light', 'post', 'timer', 'neckwear',
]) // biome-ignore format: a list

/** words and pairs of words → numbers of classes */
export function listClassWords(): Record<string, number[]> {
  const words = new Map<string, number[]>()
  const add = (word: string, index: number) => {
    const known = words.get(word)
    if (!known) words.set(word, [index])
    else if (!known.includes(index)) known.push(index)
  }
  for (const [index, label] of COCO_LABELS.entries()) {
    if (label === 'person') continue
    if (!OTHER_SENSE.has(label)) add(label, index)
    for (const word of ALSO_CALLED[label]?.split(' ') ?? []) add(word, index)
    for (const term of findBroader(label)) if (/^[a-z]+$/.test(term) && !TOO_WIDE.has(term) && !isOpenWord(term)) add(term, index)
  }
  return Object.fromEntries(words)
}
