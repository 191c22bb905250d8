/**
 * @file Every setting, once: environment name, what it allows, default, help.
 * The start, `--help` and the reference page derive from this table. Names of the described systems are kept as aliases.
 */
import { z } from 'zod'
import { PHOTO_FORMATS, type PhotoFormat } from '../contract/words.ts'
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

export const SETTINGS = {
  dataDir: { env: 'FOTOTECA_DATA', schema: z.string().min(1).default('./data'), help: 'folder for the database, uploads, thumbnails and models' },
  dataMustExist: { env: 'FOTOTECA_DATA_MUST_EXIST', schema: z.enum(['on', 'off']).default('off'), help: 'on: refuse to start where the data folder holds no library, for instance because its disk is not mounted; off: make a new one there' },
  host: { env: 'FOTOTECA_HOST', schema: z.string().min(1).default('127.0.0.1'), help: 'address to listen on; anything but loopback needs FOTOTECA_TOKEN' },
  port: { env: 'FOTOTECA_PORT', schema: whole(0, 65_535).default(8000), help: 'port to listen on; 0 takes a free one' },
  token: { env: 'FOTOTECA_TOKEN', schema: Token.optional(), help: 'access token: when set, every route but /live demands it. At least 32 random characters; make one with `openssl rand -hex 32`', secret: true },
  trustProxy: { env: 'FOTOTECA_TRUST_PROXY', schema: AddressList, help: 'comma-separated addresses or ranges of reverse proxies whose X-Forwarded headers are believed, e.g. loopback or 10.0.0.5; none by default. Without it all clients behind a proxy count as one' },
  allowedOrigins: { env: 'FOTOTECA_ALLOWED_ORIGINS', schema: OriginList, help: 'comma-separated origins of web apps that may call the API from a browser (CORS), e.g. https://shop.example; none by default. They send the token in the Authorization header; cookies are never accepted from another site' },
  photosDir: { env: 'FOTOTECA_PHOTOS', aliases: ['PHOTOS_DIR'], schema: z.string().min(1).optional(), help: 'folder to index in place and watch, as if given on the command line' },
  databaseUrl: { env: 'DATABASE_URL', schema: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(), help: 'PostgreSQL 16–18 with pgvector ≥ 0.8; without it the embedded database in the data folder is used', secret: true },
  databaseDirectUrl: { env: 'DATABASE_DIRECT_URL', schema: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(), help: 'the same PostgreSQL, not through a pooler: with it several processes hear of each other at once (LISTEN); without it they look every few seconds', secret: true },
  roles: { env: 'FOTOTECA_ROLES', schema: z.enum(['all', 'api', 'worker']).default('all'), help: 'what this process does. api: answers requests, and leaves photos, folders and downloads to other processes; worker: works in the background and does not listen; both need DATABASE_URL. all: both' },
  modelDir: { env: 'FOTOTECA_MODELS', aliases: ['MODEL_CACHE_DIR'], schema: z.string().min(1).optional(), help: 'folder for downloaded models; default <data>/models' },
  modelHub: { env: 'FOTOTECA_MODEL_HUB', schema: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).default('https://huggingface.co'), help: 'the model hub or a mirror with the same URL layout' },
  modelDownload: { env: 'FOTOTECA_MODEL_DOWNLOAD', schema: z.enum(['auto', 'ask', 'never']).default('auto'), help: 'auto: get the default embedding model at the first start; ask: only by `models pull`; never: no network at all' },
  embeddingModel: { env: 'FOTOTECA_EMBEDDING_MODEL', schema: z.string().min(1).optional(), help: 'catalogue name of the embedding model; default: the one chosen by `models use`, else the catalogue’s default' },
  meaning: { env: 'FOTOTECA_MEANING', schema: z.enum(['auto', 'basic', 'off']).default('auto'), help: 'search by meaning without a download, for everyday scenes in English. auto: until another model is installed and has seen all photos, and not where product pictures are kept; basic: always this one, no other; off: only models that are installed. Trained on pictures for non-commercial research' },
  describe: { env: 'FOTOTECA_DESCRIBE', schema: z.string().min(1).optional(), help: 'what describes pictures in words: a preset, or preset=model; off without it. Remote ones get a smaller copy of every picture, without its metadata' },
  describeUrl: { env: 'FOTOTECA_DESCRIBE_URL', schema: HttpUrl.optional(), help: 'your own OpenAI-compatible server, for the presets “own” and “phi-3.5-vision”, e.g. http://host:8000/v1' },
  describeKey: { env: 'FOTOTECA_DESCRIBE_KEY', schema: Key.optional(), help: 'its key, if it wants one', secret: true },
  describeTimeoutMs: { env: 'FOTOTECA_DESCRIBE_TIMEOUT_MS', schema: whole(1000, 290_000).default(120_000), help: 'longest wait for a model outside to begin its answer, in milliseconds' },
  describePhotos: { env: 'FOTOTECA_DESCRIBE_PHOTOS', schema: z.enum(['new', 'all']).optional(), help: 'what a describer that is switched on or changed describes: photos that arrive from then on, or all; default: the one chosen by `describe use`, else new' },
  describePreviewPx: { env: 'FOTOTECA_DESCRIBE_PREVIEW_PX', schema: whole(256, 1440).optional(), help: 'longest side of the picture a describer gets, in pixels; default 1440, or less where the model sees no more' },
  describeConcurrency: { env: 'FOTOTECA_DESCRIBE_CONCURRENCY', schema: whole(1, 64).optional(), help: 'descriptions asked for at the same time; default 2' },
  describePerMinute: { env: 'FOTOTECA_DESCRIBE_PER_MINUTE', schema: z.coerce.number().min(0.1).max(6000).optional(), help: 'descriptions asked for in a minute; default: any number' },
  describeTokensPerDay: { env: 'FOTOTECA_DESCRIBE_TOKENS_PER_DAY', schema: whole(0, 1_000_000_000_000).optional(), help: 'tokens describing may use in a day (UTC); default: any number' },
  describeCostPerDay: { env: 'FOTOTECA_DESCRIBE_COST_PER_DAY', schema: z.coerce.number().min(0).max(1_000_000).optional(), help: 'money describing may cost in a day (UTC): as the provider tells, else estimated from tokens and prices; default: any amount' },
  describePrices: { env: 'FOTOTECA_DESCRIBE_PRICES', schema: PriceList, help: 'prices in US dollars per million tokens, input/output, for providers that tell no cost: preset or model, e.g. gpt-4o-mini=0.15/0.60, own=0/0; they win over the list in docs/describers.md' },
  textEmbedding: { env: 'FOTOTECA_TEXT_EMBEDDING', schema: z.string().trim().min(1).max(200).optional(), help: 'model that embeds descriptions, so that search by meaning also looks into them, e.g. Qwen/Qwen3-Embedding-8B; off without it. Its server gets captions and tags of described photos, and what is searched for' },
  textEmbeddingUrl: { env: 'FOTOTECA_TEXT_EMBEDDING_URL', schema: HttpUrl.optional(), help: 'the OpenAI-compatible server of that model, e.g. http://127.0.0.1:11434/v1' },
  textEmbeddingKey: { env: 'FOTOTECA_TEXT_EMBEDDING_KEY', schema: Key.optional(), help: 'its key, if it wants one', secret: true },
  textEmbeddingWidth: { env: 'FOTOTECA_TEXT_EMBEDDING_WIDTH', schema: whole(32, 8192).optional(), help: 'numbers kept of each of its vectors, the first ones; default: all, or 1024 of vectors wider than 2000, which is right for models trained for it (Matryoshka)' },
  textEmbeddingTimeoutMs: { env: 'FOTOTECA_TEXT_EMBEDDING_TIMEOUT_MS', schema: whole(50, 30_000).default(1500), help: 'longest a search waits for that server, in milliseconds; then it answers without what descriptions say' },
  textEmbeddingCutOff: { env: 'FOTOTECA_TEXT_EMBEDDING_CUT_OFF', schema: z.coerce.number().min(0).max(2).default(0.5), help: 'distance (1 − cosine) from the words searched for beyond which a photo is no hit by its description alone; it depends on the model' },
  generate: { env: 'FOTOTECA_GENERATE', schema: z.string().min(1).optional(), help: 'what makes scenes around products: gpt-image-1, flux.1-dev, flux.1-schnell, own=<model>; off without it, and nothing is sent. White backgrounds and dimensions need none' },
  generateUrl: { env: 'FOTOTECA_GENERATE_URL', schema: HttpUrl.optional(), help: 'your own OpenAI-compatible server of images, for “own”' },
  generateKey: { env: 'FOTOTECA_GENERATE_KEY', schema: Key.optional(), help: 'its key, if it wants one', secret: true },
  generatePerDay: { env: 'FOTOTECA_GENERATE_PER_DAY', schema: whole(0, 1_000_000).default(100), help: 'scenes asked for in a day (UTC) at most' },
  generatePrice: { env: 'FOTOTECA_GENERATE_PRICE', schema: z.coerce.number().min(0).max(1000).optional(), help: 'what one scene costs where its server does not tell, for budgets and estimates' },
  openaiUrl: { env: 'FOTOTECA_OPENAI_URL', schema: HttpUrl.default('https://api.openai.com/v1'), help: 'where the presets “gpt” and “gpt-image-1” ask' },
  openaiKey: { env: 'FOTOTECA_OPENAI_KEY', aliases: ['OPENAI_API_KEY'], schema: Key.optional(), help: 'its key', secret: true },
  geminiUrl: { env: 'FOTOTECA_GEMINI_URL', schema: HttpUrl.default('https://generativelanguage.googleapis.com/v1beta/openai'), help: 'where the Gemini presets ask' },
  geminiKey: { env: 'FOTOTECA_GEMINI_KEY', aliases: ['GEMINI_API_KEY'], schema: Key.optional(), help: 'its key', secret: true },
  huggingfaceUrl: { env: 'FOTOTECA_HUGGINGFACE_URL', schema: HttpUrl.default('https://router.huggingface.co'), help: 'where the Hugging Face presets ask' },
  huggingfaceKey: { env: 'FOTOTECA_HUGGINGFACE_KEY', aliases: ['HF_TOKEN'], schema: Key.optional(), help: 'its token', secret: true },
  ollamaUrl: { env: 'FOTOTECA_OLLAMA_URL', schema: HttpUrl.default('http://127.0.0.1:11434/v1'), help: 'where the Ollama presets ask' },
  blipEndpoint: { env: 'FOTOTECA_BLIP_ENDPOINT', aliases: ['BLIP_ENDPOINT', 'blip_endpoint'], schema: HttpUrl.optional(), help: 'caption server of the preset “blip2+phi3.5”: takes a JPEG, answers its caption' },
  blipKey: { env: 'FOTOTECA_BLIP_KEY', schema: Key.optional(), help: 'its key, if it wants one', secret: true },
  phi35Endpoint: { env: 'FOTOTECA_PHI35_ENDPOINT', aliases: ['PHI35_ENDPOINT', 'phi35_endpoint'], schema: HttpUrl.optional(), help: 'OpenAI-compatible server of the small language model that turns captions into facts' },
  phi35Key: { env: 'FOTOTECA_PHI35_KEY', schema: Key.optional(), help: 'its key, if it wants one', secret: true },
  phi35Model: { env: 'FOTOTECA_PHI35_MODEL', schema: z.string().min(1).default('phi3.5'), help: 'the name of that model on its server' },
  stores: { env: 'FOTOTECA_STORES', schema: z.string().min(1).optional(), help: 'stores of product pictures, as JSON or the path of a JSON file: {"alya": {"folder": "/srv/alya"}, "blysk": {"bucket": "blyskimg"}}; default: alya and blysk as folders in <data>/stores' },
  fetchFrom: { env: 'FOTOTECA_FETCH_FROM', schema: OriginList, help: 'comma-separated addresses (https://cdn.example.com) that pictures may be fetched from, beside the configured stores; none by default' },
  thumbnailSize: { env: 'FOTOTECA_THUMBNAIL_SIZE', aliases: ['THUMBNAIL_SIZE'], schema: whole(64, 1024).default(400), help: 'long side of thumbnails in pixels' },
  duplicateThreshold: { env: 'FOTOTECA_DUPLICATE_THRESHOLD', aliases: ['DUPLICATE_THRESHOLD'], schema: whole(0, 31).default(8), help: 'PDQ distance up to which two photos are shown as the same picture' },
  device: { env: 'FOTOTECA_DEVICE', aliases: ['DEVICE'], schema: z.enum(DEVICES).default('auto'), help: 'where models run: auto is the CPU; cuda, coreml and dml (DirectML) fall back to it with a notice' },
  formats: { env: 'FOTOTECA_FORMATS', aliases: ['SUPPORTED_FORMATS'], schema: FormatList, help: 'comma-separated formats to accept; jpg, tif and heif are understood too' },
  maxBytes: { env: 'FOTOTECA_MAX_BYTES', schema: whole(1024, 10_000_000_000).default(500_000_000), help: 'largest file taken, in bytes' },
  minFreeMb: { env: 'FOTOTECA_MIN_FREE_MB', schema: whole(0, 1_000_000).default(200), help: 'room kept free on the disk of the data folder, in MB: with less, nothing more is taken or analysed until there is room again; 0 takes all there is' },
  copyBeforeMigration: { env: 'FOTOTECA_COPY_BEFORE_MIGRATION', schema: z.enum(['on', 'off']).default('on'), help: 'copy the database into <data>/before-migration before a new version changes its tables; the last two copies are kept. off: start without one, for instance where the disk has no room for it' },
  maxPixels: { env: 'FOTOTECA_MAX_PIXELS', schema: whole(1_000_000, 1_000_000_000).default(150_000_000), help: 'largest picture decoded, in pixels' },
  decodeTimeoutMs: { env: 'FOTOTECA_DECODE_TIMEOUT_MS', schema: whole(1000, 600_000).default(30_000), help: 'longest decode of one picture, in milliseconds; twice as long by the clock while other work has the processor' },
  decodeMemoryMb: { env: 'FOTOTECA_DECODE_MEMORY_MB', schema: whole(100, 100_000).optional(), help: 'most memory for decoding pictures, of all together, in MB: those that do not fit wait, and one that needs more by itself is refused; default: 14 % of the machine’s memory, at least 300 and at most 4000 (600 on 4 GiB)' },
  workers: { env: 'FOTOTECA_WORKERS', schema: whole(1, 64).optional(), help: 'photos analysed at the same time; default: number of cores, at most 4' },
  vectorMemoryMb: { env: 'FOTOTECA_VECTOR_MEMORY_MB', schema: whole(0, 1900).default(1024), help: 'most memory for the vectors of photos, in MB: a byte for each of their numbers, so 77 for 100,000 photos at width 768; a space that does not fit is searched by the database alone, which is slower and finds less of the nearest' },
  watch: { env: 'FOTOTECA_WATCH', schema: z.enum(['auto', 'poll', 'off']).default('auto'), help: 'how folders are watched; poll for network drives' },
  verifyDays: { env: 'FOTOTECA_VERIFY_DAYS', schema: whole(0, 3650).default(30), help: 'days after which all files are checked against their hashes again, in the background; 0: only when `fototeca verify` asks for it' },
  verifyMbPerSecond: { env: 'FOTOTECA_VERIFY_MB_PER_SECOND', schema: z.coerce.number().min(0).max(100_000).default(20), help: 'how fast that check reads, in MB per second; 0: as fast as the disk. It waits while photos are analysed' },
  writeBack: { env: 'FOTOTECA_WRITE_BACK', schema: z.enum(['off', 'data', 'beside']).default('off'), help: 'write tags, texts, ratings and named faces into XMP sidecars: in the data folder, or beside the files of folders that can be written to (originals are never changed)' },
  language: { env: 'FOTOTECA_LANGUAGE', schema: z.enum(['simple', 'english', 'german', 'french', 'spanish', 'italian', 'portuguese', 'dutch', 'swedish', 'norwegian', 'danish', 'finnish', 'russian']).default('english'), help: 'language whose word forms keyword search folds, beside the exact words' },
  logLevel: { env: 'FOTOTECA_LOG_LEVEL', schema: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'), help: 'how much is logged (JSON lines on standard error or <data>/fototeca.log)' },
} as const satisfies Record<string, Setting> // biome-ignore format: a table

type Settings = typeof SETTINGS
export type SettingName = keyof Settings

/** All settings, checked and with defaults. Paths are absolute. */
export type Config = { readonly [K in SettingName]: z.output<Settings[K]['schema']> }
