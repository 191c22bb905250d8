/** @file The words jewelry is told by: materials and kinds, with what else people write for them. */

type Vocabulary = Readonly<Record<string, readonly string[]>>

/** Longer names first where one holds another: rose gold is not gold. */
export const MATERIALS: Vocabulary = {
  'rose gold': ['rose-gold', 'pink gold'],
  'white gold': ['white-gold'],
  'gold plated': ['gold-plated', 'gold plate', 'gold tone', 'gold-tone', 'gold-toned', 'gold toned'],
  'stainless steel': ['stainless-steel'],
  'sterling silver': ['925 silver'],
  gold: ['golden'],
  silver: [],
  platinum: [],
  titanium: [],
  brass: [],
  copper: [],
  bronze: [],
  steel: [],
  diamond: ['diamonds', 'american diamond'],
  pearl: ['pearls'],
  ruby: ['rubies'],
  emerald: ['emeralds'],
  sapphire: ['sapphires'],
  turquoise: [],
  amethyst: [],
  garnet: [],
  opal: ['opals'],
  topaz: [],
  onyx: [],
  jade: [],
  amber: [],
  coral: [],
  kundan: [],
  enamel: ['meenakari'],
  crystal: ['crystals', 'rhinestone', 'rhinestones', 'swarovski'],
  zirconia: ['cubic zirconia', 'cz'],
  glass: [],
  bead: ['beads', 'beaded'],
  leather: [],
  wood: ['wooden'],
  silk: [],
  cotton: [],
  resin: [],
}

export const PRODUCT_KINDS: Vocabulary = {
  earring: ['earrings', 'ear ring', 'stud', 'studs', 'hoop', 'hoops', 'jhumka', 'jhumkas', 'chandbali', 'chandbalis'],
  necklace: ['necklaces', 'choker', 'chokers'],
  pendant: ['pendants', 'locket'],
  bracelet: ['bracelets', 'bangle', 'bangles', 'cuff bracelet'],
  ring: ['rings', 'engagement ring', 'wedding band'],
  brooch: ['brooches'],
  anklet: ['anklets'],
  watch: ['watches', 'wristwatch', 'wrist watch'],
  chain: ['chains'],
}

/** Names of the vocabulary that the texts hold as whole words, in its order; what a longer name used up counts for no shorter one. */
export function findWords(vocabulary: Vocabulary, texts: readonly string[]): string[] {
  let rest = ` ${texts.join(' | ').toLowerCase()} `
  const found: string[] = []
  for (const [name, others] of Object.entries(vocabulary)) {
    const words = [name, ...others].sort((a, b) => b.length - a.length).map((word) => word.replace(/[-\s]/g, '[-\\s]'))
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
    const without = rest.replace(pattern, ' ')
    if (without !== rest) found.push(name)
    rest = without
  }
  return found
}
