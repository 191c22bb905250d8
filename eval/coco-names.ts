/** @file Which COCO classes people name in captions. Pure. */

/** Other words for a class; of each, the plural counts too. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  person: ['man', 'woman', 'boy', 'girl', 'people', 'child', 'children', 'kid', 'lady', 'guy', 'baby', 'toddler', 'player', 'men', 'women',
    'adult', 'rider', 'biker', 'skier', 'snowboarder', 'surfer', 'climber', 'crowd', 'teenager', 'skateboarder', 'hiker', 'runner'],
  bicycle: ['bike', 'bicyclist', 'cyclist'],
  car: ['suv', 'race car'],
  motorcycle: ['motorbike', 'dirt bike', 'dirtbike', 'motorcyclist'],
  airplane: ['plane', 'jet', 'aircraft'],
  bus: [],
  train: [],
  truck: ['pickup'],
  boat: ['sailboat', 'canoe', 'kayak', 'ship', 'rowboat'],
  'traffic light': ['stoplight'],
  bench: [],
  bird: ['duck', 'seagull', 'pigeon', 'goose', 'geese', 'swan', 'parrot'],
  cat: ['kitten'],
  dog: ['puppy', 'puppies', 'poodle', 'terrier', 'labrador', 'greyhound', 'retriever', 'collie'],
  horse: ['pony'],
  sheep: ['lamb'],
  cow: ['bull', 'cattle'],
  elephant: [],
  backpack: ['rucksack'],
  umbrella: [],
  frisbee: [],
  skis: ['ski', 'skier'],
  snowboard: ['snowboarder'],
  'sports ball': ['ball', 'football', 'soccer ball', 'basketball', 'tennis ball', 'baseball', 'volleyball', 'beach ball'],
  kite: [],
  'baseball bat': [],
  'baseball glove': [],
  skateboard: ['skateboarder'],
  surfboard: ['surfer'],
  'tennis racket': ['racket', 'racquet', 'tennis racquet'],
  bottle: [],
  'wine glass': [],
  cup: ['mug'],
  fork: [],
  knife: [],
  spoon: [],
  bowl: [],
  banana: [],
  apple: [],
  sandwich: [],
  pizza: [],
  cake: [],
  chair: [],
  couch: ['sofa'],
  bed: [],
  'dining table': ['table'],
  tv: ['television'],
  laptop: [],
  'cell phone': ['phone', 'cellphone', 'mobile phone'],
  book: [],
  clock: [],
  'teddy bear': [],
} // biome-ignore format: a table

/** @returns classes that at least `least` of the captions name */
export function listNamed(captions: readonly string[], least: number): Set<string> {
  const texts = captions.map((caption) => ` ${caption.toLowerCase().replaceAll(/[^a-z]+/g, ' ')} `)
  const says = (text: string, name: string) => [name, `${name}s`, `${name}es`].some((form) => text.includes(` ${form} `))
  return new Set(
    Object.entries(NAMES).flatMap(([label, others]) =>
      texts.filter((text) => [label, ...others].some((name) => says(text, name))).length >= least ? [label] : [],
    ),
  )
}

/** Whether captions tell of this class at all. */
export const isNamedClass = (label: string): boolean => Object.hasOwn(NAMES, label)
