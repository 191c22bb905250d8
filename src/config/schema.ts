/**
 * @file Every setting, once: environment name, what it allows, default, help.
 * The start, `--help` and the reference page derive from this table. Names of the described systems are kept as aliases.
 */
import { z } from 'zod'
import { PHOTO_FORMATS, type PhotoFormat } from '../contract/words.ts'
import { PRODUCT_PROFILE_NAMES } from '../domain/product/product-profiles.ts'
import { isAddressRange } from './address-ranges.ts'
import { DEVICES } from './device.ts'

export interface Setting {
  readonly schema: z.ZodType
  readonly env: string
  /** names of the described systems that mean the same */
  readonly aliases?: readonly string[]
  readonly help: string
  /** never printed; may be read from the file that `<env>_FILE` names */
  readonly secret?: true
}

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

/** A key goes into a header as it is. Anything else would fail there, with the key in the error's text. */
const Key = z
  .string()
  .trim()
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, 'must be one line of printable characters without spaces')

/** 128 bits at least: that cannot be guessed, so wrong ones need not keep out the right one. Random hex of 32 characters has about 14 different ones. */
const Token = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]*$/, 'must be one line of printable characters without spaces')
  .refine(
    (text) => text.length >= 32 && new Set(text).size >= 8,
    'must be a random secret of at least 32 characters; make one with: openssl rand -hex 32',
  )

const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .refine((text) => !/^https?:\/\/[^/?#]*@/i.test(text), 'must not hold a name or password; give the key in its own setting')

const FORMAT_NAMES: Readonly<Record<string, PhotoFormat>> = {
  ...(Object.fromEntries(PHOTO_FORMATS.map((format) => [format, format])) as Record<PhotoFormat, PhotoFormat>),
  jpg: 'jpeg',
  tif: 'tiff',
  heif: 'heic',
}

/** `jpg, png, .heic` → formats; all by default */
const FormatList = z
  .string()
  .default(PHOTO_FORMATS.join(','))
  .transform((text, context) => {
    const names = text
      .split(',')
      .map((name) => name.trim().toLowerCase().replace(/^\./, ''))
      .filter((name) => name !== '')
    const wrong = names.filter((name) => !(name in FORMAT_NAMES))
    if (wrong.length > 0 || names.length === 0) {
      context.addIssue({
        code: 'custom',
        message: `${wrong.join(', ') || 'nothing'} is not a format; there are ${PHOTO_FORMATS.join(', ')}`,
      })
      return z.NEVER
    }
    return [...new Set(names.flatMap((name) => FORMAT_NAMES[name] ?? []))]
  })

/** `https://cdn.example.com, https://img.example.com:8443` → origins */
const OriginList = z
  .string()
  .optional()
  .transform((text, context) => {
    const parts = (text ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    const wrong = parts.filter((part) => !/^https?:\/\/[^/?#@]+\/?$/i.test(part) || !URL.canParse(part))
    if (wrong.length > 0) {
      context.addIssue({ code: 'custom', message: `${wrong.join(', ')} must be the beginning of an address, e.g. https://cdn.example.com` })
      return z.NEVER
    }
    return parts.map((part) => new URL(part).origin)
  })

/** `10.0.0.5, 192.168.0.0/24, loopback` → ranges */
const AddressList = z
  .string()
  .optional()
  .transform((text, context) => {
    const parts = (text ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    const wrong = parts.filter((part) => !isAddressRange(part))
    if (wrong.length === 0) return parts
    const message = `${wrong.join(', ')} must be addresses or ranges, e.g. 10.0.0.5, 192.168.0.0/24, loopback, or uniquelocal`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

/** `gpt-4o-mini=0.15/0.60, own=0/0` → prices by lower-case name */
const PriceList = z
  .string()
  .optional()
  .transform((text, context) => {
    const prices = new Map<string, { input: number; output: number }>()
    const parts = (text ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    for (const part of parts) {
      const found = /^(?<name>.+)=(?<input>\d+(?:\.\d+)?)\/(?<output>\d+(?:\.\d+)?)$/.exec(part)?.groups
      if (!found?.name) {
        context.addIssue({ code: 'custom', message: `${part} must be a name and two prices, e.g. gpt-4o-mini=0.15/0.60` })
        return z.NEVER
      }
      prices.set(found.name.trim().toLowerCase(), { input: Number(found.input), output: Number(found.output) })
    }
    return prices
  })

/** Names of the described systems without a meaning here, and what stands in their place. */
export const UNUSED_SETTINGS: Readonly<Record<string, string>> = {
  REDIS_URL: 'No Redis: the queue is the ledger in the database (DATABASE_URL or the embedded one), and it survives restarts.',
  THUMBNAIL_DIR: 'Thumbnails lie in the data folder: FOTOTECA_DATA, below renditions.',
}

export const SETTINGS = {
  dataDir: {
    env: 'FOTOTECA_DATA',
    schema: z.string().min(1).default('./data'),
    help: 'Data folder: database, uploads, thumbnails, and models',
  },
  dataMustExist: {
    env: 'FOTOTECA_DATA_MUST_EXIST',
    schema: z.enum(['on', 'off']).default('off'),
    help: 'on: refuse to start if the data folder contains no library, for example because its disk is not mounted. off: create a new library',
  },
  host: {
    env: 'FOTOTECA_HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    help: 'Address to listen on. Anything but loopback requires FOTOTECA_TOKEN or an account (fototeca users add)',
  },
  port: { env: 'FOTOTECA_PORT', schema: whole(0, 65_535).default(8000), help: 'Port to listen on. 0 picks a free one' },
  token: {
    env: 'FOTOTECA_TOKEN',
    schema: Token.optional(),
    help: 'Access token of an owner without a name. When set, every route except /live requires it, or an account. At least 32 random characters; create one with `openssl rand -hex 32`',
    secret: true,
  },
  links: {
    env: 'FOTOTECA_LINKS',
    schema: z.enum(['signed', 'permanent']).default('signed'),
    help: 'With FOTOTECA_TOKEN: how long addresses of product pictures, made pictures, and ZIPs in answers work without the token. signed: FOTOTECA_LINK_DAYS. permanent: as long as the picture is there. Whoever has such an address can fetch that one file, nothing else',
  },
  linkDays: {
    env: 'FOTOTECA_LINK_DAYS',
    schema: whole(1, 3650).default(7),
    help: 'Days for which signed addresses work. Addresses signed by a bucket work for 7 days at most; a public address of a store (FOTOTECA_STORES) has no end',
  },
  trustProxy: {
    env: 'FOTOTECA_TRUST_PROXY',
    schema: AddressList,
    help: 'Comma-separated addresses or ranges of reverse proxies whose X-Forwarded headers are trusted, e.g. loopback or 10.0.0.5. Without it, all clients behind a proxy count as one',
  },
  allowedOrigins: {
    env: 'FOTOTECA_ALLOWED_ORIGINS',
    schema: OriginList,
    help: 'Comma-separated origins of web apps that may call the API from a browser (CORS), e.g. https://shop.example. None by default. They send the token in the Authorization header; cookies are never accepted from another site',
  },
  photosDir: {
    env: 'FOTOTECA_PHOTOS',
    aliases: ['PHOTOS_DIR'],
    schema: z.string().min(1).optional(),
    help: 'Folder to index in place and watch, as if given on the command line',
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
    help: 'PostgreSQL 16–18 with pgvector ≥ 0.8. Without it, the embedded database in the data folder is used',
    secret: true,
  },
  databaseDirectUrl: {
    env: 'DATABASE_DIRECT_URL',
    schema: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
    help: 'Address of the same PostgreSQL that bypasses the connection pooler. With it, processes notify each other at once (LISTEN); without it, they poll every few seconds',
    secret: true,
  },
  roles: {
    env: 'FOTOTECA_ROLES',
    schema: z.enum(['all', 'api', 'worker']).default('all'),
    help: 'What this process does. api: answer requests, and leave photos, folders, and downloads to other processes. worker: work in the background without listening. all: both. api and worker require DATABASE_URL',
  },
  modelDir: {
    env: 'FOTOTECA_MODELS',
    aliases: ['MODEL_CACHE_DIR'],
    schema: z.string().min(1).optional(),
    help: 'Folder for downloaded models. Default: <data>/models',
  },
  modelHub: {
    env: 'FOTOTECA_MODEL_HUB',
    schema: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).default('https://huggingface.co'),
    help: 'Base URL of the model hub, or of a mirror with the same layout',
  },
  modelDownload: {
    env: 'FOTOTECA_MODEL_DOWNLOAD',
    schema: z.enum(['auto', 'ask', 'never']).default('auto'),
    help: 'auto: download the default embedding model at the first start. ask: only on `models pull`. never: never download models',
  },
  embeddingModel: {
    env: 'FOTOTECA_EMBEDDING_MODEL',
    schema: z.string().min(1).optional(),
    help: 'Catalogue name of the embedding model. Default: the one chosen with `models use`, otherwise the catalogue’s default',
  },
  meaning: {
    env: 'FOTOTECA_MEANING',
    schema: z.enum(['auto', 'basic', 'off']).default('auto'),
    help: 'Built-in search by meaning (everyday scenes, English, no download). auto: until another model is installed and has processed all photos; off where product pictures are kept. basic: always use the built-in model. off: use installed models only. Trained on pictures licensed for non-commercial research',
  },
  describe: {
    env: 'FOTOTECA_DESCRIBE',
    schema: z.string().min(1).optional(),
    help: 'Model that describes pictures in words: a preset, or preset=model. Off by default. A remote model receives a smaller copy of every picture, without metadata',
  },
  describeUrl: {
    env: 'FOTOTECA_DESCRIBE_URL',
    schema: HttpUrl.optional(),
    help: 'Base URL of your own OpenAI-compatible server, for the presets “own” and “phi-3.5-vision”, e.g. http://host:8000/v1',
  },
  describeKey: { env: 'FOTOTECA_DESCRIBE_KEY', schema: Key.optional(), help: 'API key of that server, if required', secret: true },
  describeTimeoutMs: {
    env: 'FOTOTECA_DESCRIBE_TIMEOUT_MS',
    schema: whole(1000, 290_000).default(120_000),
    help: 'How long to wait for a remote model to start answering, in milliseconds',
  },
  describePhotos: {
    env: 'FOTOTECA_DESCRIBE_PHOTOS',
    schema: z.enum(['new', 'all']).optional(),
    help: 'Which photos a describer that was switched on or changed describes: new ones only, or all. Default: as chosen with `describe use`, otherwise new',
  },
  describePreviewPx: {
    env: 'FOTOTECA_DESCRIBE_PREVIEW_PX',
    schema: whole(256, 1440).optional(),
    help: 'Longest side of the picture sent to a describer, in pixels. Default: 1440, or less if the model uses less',
  },
  describeConcurrency: {
    env: 'FOTOTECA_DESCRIBE_CONCURRENCY',
    schema: whole(1, 64).optional(),
    help: 'Parallel description requests. Default: 2',
  },
  describePerMinute: {
    env: 'FOTOTECA_DESCRIBE_PER_MINUTE',
    schema: z.coerce.number().min(0.1).max(6000).optional(),
    help: 'Maximum description requests per minute. Default: no limit',
  },
  describeTokensPerDay: {
    env: 'FOTOTECA_DESCRIBE_TOKENS_PER_DAY',
    schema: whole(0, 1_000_000_000_000).optional(),
    help: 'Maximum tokens for descriptions per day (UTC). Default: no limit',
  },
  describeCostPerDay: {
    env: 'FOTOTECA_DESCRIBE_COST_PER_DAY',
    schema: z.coerce.number().min(0).max(1_000_000).optional(),
    help: 'Daily budget for descriptions (UTC): as reported by the provider, otherwise estimated from tokens and prices. Default: no limit',
  },
  inspiration: {
    env: 'FOTOTECA_INSPIRATION',
    schema: z.string().min(1).optional(),
    help: 'Model that writes the inspiration prompts of photos, as FOTOTECA_DESCRIBE names one. Off by default: then the describer writes them too. With a queue, a budget, and settings of its own',
  },
  inspirationPhotos: {
    env: 'FOTOTECA_INSPIRATION_PHOTOS',
    schema: z.enum(['new', 'all']).optional(),
    help: 'As FOTOTECA_DESCRIBE_PHOTOS, for inspiration prompts',
  },
  inspirationPreviewPx: {
    env: 'FOTOTECA_INSPIRATION_PREVIEW_PX',
    schema: whole(256, 1440).optional(),
    help: 'As FOTOTECA_DESCRIBE_PREVIEW_PX, for inspiration prompts',
  },
  inspirationConcurrency: {
    env: 'FOTOTECA_INSPIRATION_CONCURRENCY',
    schema: whole(1, 64).optional(),
    help: 'Parallel requests for inspiration prompts. Default: 2',
  },
  inspirationPerMinute: {
    env: 'FOTOTECA_INSPIRATION_PER_MINUTE',
    schema: z.coerce.number().min(0.1).max(6000).optional(),
    help: 'Maximum requests for inspiration prompts per minute. Default: no limit',
  },
  inspirationTokensPerDay: {
    env: 'FOTOTECA_INSPIRATION_TOKENS_PER_DAY',
    schema: whole(0, 1_000_000_000_000).optional(),
    help: 'Maximum tokens for inspiration prompts per day (UTC). Default: no limit',
  },
  inspirationCostPerDay: {
    env: 'FOTOTECA_INSPIRATION_COST_PER_DAY',
    schema: z.coerce.number().min(0).max(1_000_000).optional(),
    help: 'Daily budget for inspiration prompts (UTC), counted as FOTOTECA_DESCRIBE_COST_PER_DAY. Default: no limit',
  },
  describeMaxTokens: {
    env: 'FOTOTECA_DESCRIBE_MAX_TOKENS',
    schema: whole(50, 100_000).default(500),
    help: 'Longest answer about a picture, in tokens. One that is cut off is asked for once more with three times as many',
  },
  describeTemperature: {
    env: 'FOTOTECA_DESCRIBE_TEMPERATURE',
    schema: z.coerce.number().min(0).max(2).default(0.3),
    help: 'How freely a language model answers: 0 is the most predictable',
  },
  clusterMaxTokens: {
    env: 'FOTOTECA_CLUSTER_MAX_TOKENS',
    schema: whole(50, 100_000).default(300),
    help: 'Longest answer that names a topic, in tokens',
  },
  describePrices: {
    env: 'FOTOTECA_DESCRIBE_PRICES',
    schema: PriceList,
    help: 'Prices in US dollars per million tokens, input/output, for providers that report no cost, by preset or model, e.g. gpt-4o-mini=0.15/0.60, own=0/0. They override the list in docs/describers.md',
  },
  textEmbedding: {
    env: 'FOTOTECA_TEXT_EMBEDDING',
    schema: z.string().trim().min(1).max(200).optional(),
    help: 'Model that embeds descriptions so that search by meaning covers them too, e.g. Qwen/Qwen3-Embedding-8B. Off by default. Its server receives captions and tags of described photos, and search queries',
  },
  textEmbeddingUrl: {
    env: 'FOTOTECA_TEXT_EMBEDDING_URL',
    schema: HttpUrl.optional(),
    help: 'Base URL of the OpenAI-compatible server for that model, e.g. http://127.0.0.1:11434/v1',
  },
  textEmbeddingKey: {
    env: 'FOTOTECA_TEXT_EMBEDDING_KEY',
    schema: Key.optional(),
    help: 'API key of that server, if required',
    secret: true,
  },
  textEmbeddingWidth: {
    env: 'FOTOTECA_TEXT_EMBEDDING_WIDTH',
    schema: whole(32, 8192).optional(),
    help: 'Vector dimensions to keep (the first ones; for Matryoshka models). Default: all, or 1024 of vectors wider than 2000',
  },
  textEmbeddingTimeoutMs: {
    env: 'FOTOTECA_TEXT_EMBEDDING_TIMEOUT_MS',
    schema: whole(50, 30_000).default(1500),
    help: 'How long a search waits for that server, in milliseconds. After that it answers without descriptions',
  },
  textEmbeddingCutOff: {
    env: 'FOTOTECA_TEXT_EMBEDDING_CUT_OFF',
    schema: z.coerce.number().min(0).max(2).default(0.5),
    help: 'Maximum distance (1 − cosine) between query and description for a photo to match by its description alone. Depends on the model',
  },
  generate: {
    env: 'FOTOTECA_GENERATE',
    schema: z.string().min(1).optional(),
    help: 'Image generator for product scenes: gpt-image-1, flux.1-dev, flux.1-schnell, or own=<model>. Off by default, and nothing is sent. White backgrounds and dimensions need no generator',
  },
  generateUrl: {
    env: 'FOTOTECA_GENERATE_URL',
    schema: HttpUrl.optional(),
    help: 'Base URL of your own OpenAI-compatible image server, for “own”',
  },
  generateKey: { env: 'FOTOTECA_GENERATE_KEY', schema: Key.optional(), help: 'API key of that server, if required', secret: true },
  generatePerDay: {
    env: 'FOTOTECA_GENERATE_PER_DAY',
    schema: whole(0, 1_000_000).default(100),
    help: 'Maximum scenes generated per day (UTC)',
  },
  generatePrice: {
    env: 'FOTOTECA_GENERATE_PRICE',
    schema: z.coerce.number().min(0).max(1000).optional(),
    help: 'Price per scene where the server reports none, for budgets and estimates',
  },
  openaiUrl: {
    env: 'FOTOTECA_OPENAI_URL',
    schema: HttpUrl.default('https://api.openai.com/v1'),
    help: 'Base URL for the presets “gpt” and “gpt-image-1”',
  },
  openaiKey: { env: 'FOTOTECA_OPENAI_KEY', aliases: ['OPENAI_API_KEY'], schema: Key.optional(), help: 'OpenAI API key', secret: true },
  geminiUrl: {
    env: 'FOTOTECA_GEMINI_URL',
    schema: HttpUrl.default('https://generativelanguage.googleapis.com/v1beta/openai'),
    help: 'Base URL for the Gemini presets',
  },
  geminiKey: { env: 'FOTOTECA_GEMINI_KEY', aliases: ['GEMINI_API_KEY'], schema: Key.optional(), help: 'Gemini API key', secret: true },
  huggingfaceUrl: {
    env: 'FOTOTECA_HUGGINGFACE_URL',
    schema: HttpUrl.default('https://router.huggingface.co'),
    help: 'Base URL for the Hugging Face presets',
  },
  huggingfaceKey: {
    env: 'FOTOTECA_HUGGINGFACE_KEY',
    aliases: ['HF_TOKEN'],
    schema: Key.optional(),
    help: 'Hugging Face access token',
    secret: true,
  },
  ollamaUrl: { env: 'FOTOTECA_OLLAMA_URL', schema: HttpUrl.default('http://127.0.0.1:11434/v1'), help: 'Base URL for the Ollama presets' },
  blipEndpoint: {
    env: 'FOTOTECA_BLIP_ENDPOINT',
    aliases: ['BLIP_ENDPOINT', 'blip_endpoint'],
    schema: HttpUrl.optional(),
    help: 'Caption server for the preset “blip2+phi3.5”: receives a JPEG and returns its caption',
  },
  blipKey: { env: 'FOTOTECA_BLIP_KEY', schema: Key.optional(), help: 'API key of that server, if required', secret: true },
  phi35Endpoint: {
    env: 'FOTOTECA_PHI35_ENDPOINT',
    aliases: ['PHI35_ENDPOINT', 'phi35_endpoint'],
    schema: HttpUrl.optional(),
    help: 'OpenAI-compatible server of the small language model that turns captions into facts',
  },
  phi35Key: { env: 'FOTOTECA_PHI35_KEY', schema: Key.optional(), help: 'API key of that server, if required', secret: true },
  phi35Model: { env: 'FOTOTECA_PHI35_MODEL', schema: z.string().min(1).default('phi3.5'), help: 'Name of that model on its server' },
  blobs: {
    env: 'FOTOTECA_BLOBS',
    schema: z.string().min(1).optional(),
    help: 'Where uploads, thumbnails, and made pictures are kept: s3://bucket/prefix, with ?region=, endpoint=, path_style=true, or profile= as stores have them. Default: the data folder',
  },
  stores: {
    env: 'FOTOTECA_STORES',
    schema: z.string().min(1).optional(),
    help: 'Stores of product pictures, as JSON or the path of a JSON file: {"alya": {"folder": "/srv/alya"}, "blysk": {"bucket": "blyskimg"}}. Default: those of the product profile, as folders in <data>/stores',
  },
  productProfile: {
    env: 'FOTOTECA_PRODUCT_PROFILE',
    schema: z.enum(PRODUCT_PROFILE_NAMES).default('jewelry'),
    help: 'What the shop sells: jewelry (stores alya and blysk), fashion, or general (store shop). Decides the words products are told by and the pictures offered for them',
  },
  fetchFrom: {
    env: 'FOTOTECA_FETCH_FROM',
    schema: OriginList,
    help: 'Comma-separated origins (e.g. https://cdn.example.com) that pictures may be fetched from, in addition to the configured stores. None by default',
  },
  thumbnailSize: {
    env: 'FOTOTECA_THUMBNAIL_SIZE',
    aliases: ['THUMBNAIL_SIZE'],
    schema: whole(64, 1024).default(400),
    help: 'Longest side of thumbnails, in pixels',
  },
  duplicateThreshold: {
    env: 'FOTOTECA_DUPLICATE_THRESHOLD',
    aliases: ['DUPLICATE_THRESHOLD'],
    schema: whole(0, 31).default(8),
    help: 'Maximum PDQ distance at which two photos count as the same picture',
  },
  device: {
    env: 'FOTOTECA_DEVICE',
    aliases: ['DEVICE'],
    schema: z.enum(DEVICES).default('auto'),
    help: 'Where models run. auto takes CUDA where it works (docs/gpu.md), otherwise the CPU; cuda, coreml, and dml (DirectML) fall back to it with a notice',
  },
  formats: {
    env: 'FOTOTECA_FORMATS',
    aliases: ['SUPPORTED_FORMATS'],
    schema: FormatList,
    help: 'Comma-separated formats to accept; jpg, tif, and heif work too',
  },
  maxBytes: { env: 'FOTOTECA_MAX_BYTES', schema: whole(1024, 10_000_000_000).default(500_000_000), help: 'Maximum upload size, in bytes' },
  minFreeMb: {
    env: 'FOTOTECA_MIN_FREE_MB',
    schema: whole(0, 1_000_000).default(200),
    help: 'Free disk space to preserve in the data folder, in MB. With less, uploads and analysis pause until there is room again. 0: use all of it',
  },
  copyBeforeMigration: {
    env: 'FOTOTECA_COPY_BEFORE_MIGRATION',
    schema: z.enum(['on', 'off']).default('on'),
    help: 'Copy the database to <data>/before-migration before a new version changes its tables (the last two copies are kept). off: start without a copy, for example if the disk has no room for it',
  },
  maxPixels: {
    env: 'FOTOTECA_MAX_PIXELS',
    schema: whole(1_000_000, 1_000_000_000).default(150_000_000),
    help: 'Maximum picture size, in pixels',
  },
  decodeTimeoutMs: {
    env: 'FOTOTECA_DECODE_TIMEOUT_MS',
    schema: whole(1000, 600_000).default(30_000),
    help: 'Time limit for decoding one picture, in milliseconds; up to twice that on a busy machine',
  },
  decodeMemoryMb: {
    env: 'FOTOTECA_DECODE_MEMORY_MB',
    schema: whole(100, 100_000).optional(),
    help: 'Memory for decoding pictures, in MB, shared by all processes. Pictures that do not fit wait; one that needs more than all of it is refused. Default: 14 % of the machine’s memory, at least 300 and at most 4000 (600 on 4 GiB)',
  },
  workers: {
    env: 'FOTOTECA_WORKERS',
    schema: whole(1, 64).optional(),
    help: 'Photos analysed in parallel. Default: number of cores, at most 4',
  },
  vectorMemoryMb: {
    env: 'FOTOTECA_VECTOR_MEMORY_MB',
    schema: whole(0, 1900).default(1024),
    help: 'Memory for photo vectors, in MB: two bytes per dimension, so 154 MB for 100,000 photos of 768 dimensions; one byte where that would exceed 256 MB. Vectors that do not fit are searched in the database, which is slower and less exact',
  },
  watch: {
    env: 'FOTOTECA_WATCH',
    schema: z.enum(['auto', 'poll', 'off']).default('auto'),
    help: 'How folders are watched. Use poll for network drives',
  },
  verifyDays: {
    env: 'FOTOTECA_VERIFY_DAYS',
    schema: whole(0, 3650).default(30),
    help: 'Days between background checks of all files against their hashes. 0: only when you run `fototeca verify`',
  },
  verifyMbPerSecond: {
    env: 'FOTOTECA_VERIFY_MB_PER_SECOND',
    schema: z.coerce.number().min(0).max(100_000).default(20),
    help: 'Read speed of that check, in MB per second. 0: as fast as the disk. It waits while photos are analysed',
  },
  writeBack: {
    env: 'FOTOTECA_WRITE_BACK',
    schema: z.enum(['off', 'data', 'beside']).default('off'),
    help: 'Write tags, texts, ratings, and named faces to XMP sidecars: in the data folder, or beside the files in folders that can be written to. Originals are never changed',
  },
  language: {
    env: 'FOTOTECA_LANGUAGE',
    schema: z
      .enum([
        'simple',
        'english',
        'german',
        'french',
        'spanish',
        'italian',
        'portuguese',
        'dutch',
        'swedish',
        'norwegian',
        'danish',
        'finnish',
        'russian',
      ])
      .default('english'),
    help: 'Language for word forms in keyword search, in addition to exact words',
  },
  logLevel: {
    env: 'FOTOTECA_LOG_LEVEL',
    schema: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
    help: 'Log level (JSON lines on standard error or in <data>/fototeca.log)',
  },
} as const satisfies Record<string, Setting>

type Settings = typeof SETTINGS
export type SettingName = keyof Settings

/** All settings, checked and with defaults. Paths are absolute. */
export type Config = { readonly [K in SettingName]: z.output<Settings[K]['schema']> }
