/** @file The fixed words of the library: steps, states, lanes, capabilities, categories. One list each; types derive from them. */

/** What the pipeline finds out about a photo, in the order a person sees it happen. */
export const STEP_NAMES = [
  'prepare',
  'metadata',
  'colours',
  'look',
  'objects',
  'labels',
  'embedding',
  'ocr',
  'faces',
  'hash',
  'duplicates',
  'tags',
  'description',
  'inspiration',
] as const
export type StepName = (typeof STEP_NAMES)[number]

/** Where a photo stands. Derived from the ledger, never set by hand. */
export const PHOTO_STATES = [
  'pending',
  'preprocessing',
  'processing_objects',
  'processing_embeddings',
  'processing_ocr',
  'processing_faces',
  'processing_hash',
  'checking_duplicates',
  'completed',
  'partial',
  'failed',
] as const
export type PhotoState = (typeof PHOTO_STATES)[number]

/** What the ledger says of one (photo, step). `due` includes what an interrupted run left. */
export const STEP_STATES = ['due', 'running', 'done', 'skipped', 'failed'] as const
export type StepState = (typeof STEP_STATES)[number]

/** What works through the ledger side by side, so that slow work holds nothing else back. */
export const LANES = ['analyse', 'tag', 'people', 'describe', 'inspire', 'generate'] as const
export type Lane = (typeof LANES)[number]

/** What photos are described for. Each purpose has a describer, a step, a queue, and a budget of its own; adding one is a line. */
export const PURPOSES = {
  facts: { step: 'description', lane: 'describe' },
  inspiration: { step: 'inspiration', lane: 'inspire' },
} as const satisfies Record<string, { step: StepName; lane: Lane }>
export type Purpose = keyof typeof PURPOSES
export const PURPOSE_NAMES = Object.keys(PURPOSES) as [Purpose, ...Purpose[]]
export type DescribeLane = (typeof PURPOSES)[Purpose]['lane']

/** What a model can do. */
export const CAPABILITIES = [
  'find-objects',
  'tag',
  'read-text',
  'find-faces',
  'embed-image',
  'embed-text',
  'describe',
  'cut-out',
  'make-image',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** What a described picture is mainly of (the words of system C). */
export const PRIMARY_CATEGORIES = ['animals', 'people', 'vehicles', 'nature', 'food', 'architecture', 'objects', 'abstract'] as const
export type PrimaryCategory = (typeof PRIMARY_CATEGORIES)[number]

/** How a described picture is built (the words of system C). */
export const SCENE_TYPES = ['portrait', 'landscape', 'still_life', 'action', 'abstract', 'indoor', 'outdoor'] as const
export type SceneType = (typeof SCENE_TYPES)[number]

/**
 * What is known of a model that could describe; `ready`: all of it is on this machine, or its server said so when it was last asked.
 * `not ready`: it did not, or has no such model.
 */
export const DESCRIBER_STATES = ['ready', 'not asked', 'not ready', 'not set up'] as const
export type DescriberState = (typeof DESCRIBER_STATES)[number]

/** A run over chosen photos; `budget`: it spent what it was allowed. */
export const RUN_STATES = ['running', 'done', 'cancelled', 'budget'] as const
export type RunState = (typeof RUN_STATES)[number]

/** Where a made picture stands; `due` includes what an interrupted run left. */
export const GENERATED_STATES = ['due', 'running', 'done', 'failed', 'cancelled'] as const
export type GeneratedState = (typeof GENERATED_STATES)[number]
/** `budget`: its scenes wait until the budget is raised */
export const GENERATION_STATES = ['running', 'done', 'cancelled', 'budget'] as const
export type GenerationState = (typeof GENERATION_STATES)[number]
/** `open`: nobody looked; `held`: it must be looked at before it leaves. */
export const REVIEWS = ['open', 'held', 'approved', 'rejected'] as const
export type Review = (typeof REVIEWS)[number]
export const SHADOWS = ['natural', 'drawn', 'none'] as const
export type Shadow = (typeof SHADOWS)[number]

export const COMPARISON_STATES = ['running', 'done', 'cancelled'] as const
export type ComparisonState = (typeof COMPARISON_STATES)[number]
export const COMPARISON_SIDES = ['left', 'right'] as const
export type ComparisonSide = (typeof COMPARISON_SIDES)[number]
/** What an installed model is for; each has its layout and its loader. */
export const MODEL_TASKS = ['embedding', 'faces', 'tag', 'detect', 'cut-out'] as const
export type ModelTask = (typeof MODEL_TASKS)[number]
/** Tasks of which one model is in use at a time, chosen among installed and built-in ones. */
export type ChosenTask = Exclude<ModelTask, 'embedding'>
/** Those whose model looks at every photo. */
export type StepTask = Exclude<ChosenTask, 'cut-out'>

/** The built-in embedding model: its name, and what people are told it is. */
export const BASIC_MEANING = 'basic-meaning'
export const BASIC_MEANING_LABEL = 'Basic (English, everyday scenes)'

export const SEARCH_MODES = ['hybrid', 'keyword', 'semantic'] as const
export type SearchMode = (typeof SEARCH_MODES)[number]
export const SEARCH_SORTS = ['relevance', 'newest', 'oldest'] as const
export type SearchSort = (typeof SEARCH_SORTS)[number]

/** How two photos are alike, the nearest first; what each means and how near: `duplicate-kinds.ts`. Same bytes are one photo. */
export const DUPLICATE_KINDS = ['same-picture', 'edited', 'mirrored', 'burst', 'similar'] as const
export type DuplicateKind = (typeof DUPLICATE_KINDS)[number]

/** What a person says of two photos that were taken for duplicates. */
export const PAIR_VERDICTS = ['different', 'keep'] as const
export type PairVerdict = (typeof PAIR_VERDICTS)[number]

/** Which of the chosen photos a run describes. */
export const DESCRIBE_WHICH = ['undescribed', 'not by this', 'failed', 'all'] as const
export type DescribeWhich = (typeof DESCRIBE_WHICH)[number]

/** Shapes of pictures. A panorama is also landscape or portrait. */
export const ORIENTATIONS = ['landscape', 'portrait', 'square', 'panorama'] as const

/** Sniffed formats that can become a photo. */
export const PHOTO_FORMATS = [
  'jpeg',
  'png',
  'webp',
  'avif',
  'gif',
  'tiff',
  'bmp',
  'heic',
  'cr2',
  'cr3',
  'nef',
  'arw',
  'dng',
  'raf',
  'orf',
  'rw2',
] as const
export type PhotoFormat = (typeof PHOTO_FORMATS)[number]

/** As what a picture came in: a photo, for a store, or made here. Lists and searches show photos unless others are asked for. */
export const COLLECTIONS = ['photos', 'products', 'made'] as const
export type Collection = (typeof COLLECTIONS)[number]

/** Photos one request may name by their ids: 400 kB of JSON. */
export const MAX_IDS = 50_000

/** What is made of a photo to be shown. */
export const RENDITION_KINDS = ['thumbnail', 'preview'] as const
export type RenditionKind = (typeof RENDITION_KINDS)[number]

/** What can be wrong with the file of a photo: its bytes are others than those that came in, it is not there, or the disk does not give it. */
export const FILE_PROBLEM_KINDS = ['damaged', 'missing', 'unreadable'] as const
export type FileProblemKind = (typeof FILE_PROBLEM_KINDS)[number]

/** Positions on a map are whole numbers of this many parts of a degree: about a metre. */
export const POINT_PARTS = 100_000
