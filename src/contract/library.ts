/** @file The library as a whole: status, statistics, sources, models, days, categories, people. */
import { z } from 'zod'
import { LastBackup } from './backup.ts'
import { MessageReport } from './messages/report.ts'
import { CAPABILITIES, DUPLICATE_KINDS, LANES, MODEL_TASKS, PHOTO_FORMATS, PHOTO_STATES, STEP_NAMES } from './words.ts'

const Count = z.number().int()

export const ModelReport = z.object({
  capability: z.enum(CAPABILITIES),
  model: z.string().nullable().describe('the model in use; null: none'),
  licence: z.string().nullable(),
  notice: z.string().nullable().describe('why there is none, and what to do'),
})

export const LaneReport = z.object({
  lane: z.enum(LANES),
  state: z.enum(['idle', 'working', 'paused', 'off']),
  due: Count.describe('photos waiting in this queue'),
  reason: z.string().nullable().describe('why it is paused or off; null: it runs'),
})

const StepTimes = z.object({
  done: Count,
  failed: Count,
  skipped: Count,
  mean_ms: z.number().nullable().describe('mean duration in milliseconds'),
  p95_ms: z.number().nullable().describe('95th percentile in milliseconds, accurate to 3 %; null: no runs'),
  success_rate: z.number().nullable().describe('done ÷ (done + failed), 0–1; null: no runs'),
})

export const Stats = z.object({
  total: Count.describe('readable photos: all states except `failed`'),
  states: z.record(z.enum(PHOTO_STATES), Count),
  steps: z.record(z.enum(STEP_NAMES), StepTimes),
  models: z.array(StepTimes.extend({ model: z.string(), step: z.enum(STEP_NAMES) })).describe('the same for each model, most used first'),
  formats: z.array(z.object({ format: z.enum(PHOTO_FORMATS), photos: Count, bytes: z.number() })),
  storage: z.object({
    originals_bytes: z.number(),
    renditions_bytes: z.number().describe('bytes of thumbnails and previews'),
    trash_bytes: z.number().describe('bytes of originals in the trash'),
  }),
  growth: z.array(z.object({ month: z.string().describe('month photos were added, `YYYY-MM` (UTC)'), added: Count, total: Count })),
  tags: z.array(z.object({ tag: z.string(), photos: Count })).describe('the 20 most frequent tags'),
  categories: z.array(z.object({ category: z.string(), photos: Count })).describe('the 20 most frequent categories'),
  duplicates: z.array(
    z.object({ kind: z.enum(DUPLICATE_KINDS), sets: Count, photos: Count.describe('photos in these sets, not counting the best of each') }),
  ),
  faces: z.object({
    faces: Count,
    named: Count,
    people: Count.describe('people with a name'),
    photos: Count.describe('photos with a face'),
  }),
})
export type Stats = z.infer<typeof Stats>

/** How often something was asked for since the program began, and how often it was still in memory. */
const MemoryUse = z.object({
  asked: Count,
  kept: Count.describe('requests answered from memory'),
  hit_rate: z.number().nullable().describe('kept ÷ asked, 0–1; null: none asked yet'),
})

export const Health = z.object({
  status: z.enum(['ok', 'degraded']).describe('`degraded`: a queue is paused. A capability without a model is listed in `notices`'),
  version: z.string(),
  database: z.enum(['pglite', 'postgres']),
  index: z.object({
    photos: Count,
    with_text: Count,
    faces: Count,
    spaces: z.array(z.object({ name: z.string(), width: Count, vectors: Count, has_text: z.boolean() })),
  }),
  models: z.array(ModelReport),
  lanes: z.array(LaneReport),
  search_memory: z
    .object({
      answers: MemoryUse.describe('complete answers of `/api/search`, cached for up to 5 minutes while the library does not change'),
      filters: MemoryUse.describe('photos that match a filter'),
      words: MemoryUse.describe('photos that contain a word'),
      encoded: MemoryUse.describe('queries as vectors'),
    })
    .describe('hit rates of the search caches'),
  runs_on: z.object({ device: z.string(), reason: z.string() }).describe('device that models run on, and why'),
  device: z
    .string()
    .nullable()
    .describe('why models run on the CPU although `DEVICE` requests another device; null: they run as requested'),
  leaves: z.string().describe('what leaves this machine when pictures are described and descriptions embedded, as a sentence'),
  contacts: z
    .array(z.object({ host: z.string(), purpose: z.string() }))
    .describe(
      'every server the library contacts by itself with the current settings; empty: none. ' +
        'Otherwise only servers named in a request are contacted: a describer to check or compare, an address to fetch a picture from',
    ),
  last_backup: LastBackup.nullable().describe('last finished backup; null: none'),
  notices: z.array(z.string()),
})
export type Health = z.infer<typeof Health>

/** What the page’s live indicator and the terminal’s progress bar read. */
export const Upgrade = z.object({
  photos: Count.describe(
    'photos to analyse again for a newer version, a new step, or another model; their old results are used until then',
  ),
  seconds: z.number().nullable().describe('estimated seconds left, from step times so far; null: not known yet'),
  paused: z.boolean().describe('true: none is started, and they count as done'),
})
export type Upgrade = z.infer<typeof Upgrade>

export const Progress = z.object({
  photos: Count.describe('photos in the library, without unreadable files'),
  done: Count.describe('photos with nothing left to do'),
  failed: Count.describe('unreadable files'),
  partial: Count,
  due: Count,
  upgrade: Upgrade,
  per_second: z.number().nullable().describe('photos finished per second, recently; null: none'),
  seconds_left: z.number().nullable().describe('estimated seconds left; null: not known yet'),
  scanning: z.array(z.object({ path: z.string(), seen: Count })),
  working_on: z.array(z.object({ id: Count, filename: z.string() })),
  notices: z.array(z.string()),
})
export type Progress = z.infer<typeof Progress>

export const SkippedLinks = z.object({
  count: Count,
  examples: z.array(
    z.object({ path: z.string().describe('path relative to the folder'), target: z.string().describe('where the link leads') }),
  ),
})
export type SkippedLinks = z.infer<typeof SkippedLinks>

const FolderNotices = {
  notice: z.string().nullable().describe('the messages as sentences, in one line; null: none'),
  messages: z.array(MessageReport).describe('what needs attention, as of the last scan'),
}

export const SourceReport = z.object({
  id: Count,
  kind: z.enum(['folder', 'upload']),
  path: z.string().nullable(),
  photos: Count,
  missing: Count,
  scanned_at: z.string().nullable(),
  paused_at: z.string().nullable().describe('neither scanned nor watched since then; its photos stay. null: not paused'),
  follow_links: z.array(z.string()).describe('folders outside it that its links may lead to'),
  skipped_links: SkippedLinks.describe('links out of the folder that the last full scan skipped'),
  unconfirmed: Count.nullable().describe(
    'files that are gone but not marked missing, because too many vanished at once; scan with `force` to accept that. null: none',
  ),
  ...FolderNotices,
})
export type SourceReport = z.infer<typeof SourceReport>

const FolderPath = z.string().min(1).max(4096)
const FollowLinks = z.array(FolderPath).max(100)

export const AddSource = z.object({
  path: FolderPath,
  follow_links: FollowLinks.optional().describe(
    'folders outside it that its links may lead to; other links out of it are skipped. Default: unchanged, none for a new source',
  ),
})

export const ChangeSource = z.object({
  path: FolderPath.optional().describe('new path of the folder; its photos keep their ids and data'),
  force: z
    .boolean()
    .default(false)
    .describe('true: move it even if most known files are missing there (otherwise 409 with the code `wrong_folder`)'),
  follow_links: FollowLinks.optional().describe('the complete list; folders left out are no longer followed'),
  paused: z.boolean().optional().describe('true: neither scanned nor watched; nothing is marked missing'),
})

export const RemoveSource = z.object({
  photos: z
    .enum(['trash', 'missing'])
    .describe(
      '`trash`: photos in no other source go to the trash, which can be undone; `missing`: they stay, marked as missing. Files on the disk are not touched',
    ),
  dry_run: z.enum(['true', 'false']).default('false').describe('`true`: only count'),
})

export const RemovedSource = z.object({
  id: Count,
  photos: Count.describe('photos that go to the trash or become missing'),
  elsewhere: Count.describe('photos that are also in another source and stay'),
  edit: Count.nullable().describe('id of the edit, to undo it: restores the folder and its photos; null: add the folder again instead'),
  dry_run: z.boolean().describe('true: nothing was changed'),
})
export type RemovedSource = z.infer<typeof RemovedSource>

export const ScanReport = z.object({
  source: Count,
  seen: Count.describe('picture files found'),
  added: Count,
  moved: Count,
  changed: Count,
  unchanged: Count,
  missing: Count.describe('files newly marked missing'),
  returned: Count.describe('files that were missing and are back'),
  duplicates: Count.describe('files with the same bytes as another file'),
  failed: Count,
  ignored: Count.describe('files that are not pictures, or are hidden or system files'),
  skipped_links: SkippedLinks.describe('links that lead out of the folder'),
  ...FolderNotices,
})
export type ScanReport = z.infer<typeof ScanReport>

export const CatalogueModel = z.object({
  name: z.string(),
  task: z.enum(MODEL_TASKS).nullable().describe('task it can be chosen for; null: built-in'),
  capabilities: z.array(z.enum(CAPABILITIES)),
  width: Count.nullable().describe('dimensions of its vectors; null: it makes none'),
  download_bytes: z.number().nullable(),
  installed_bytes: z.number().nullable().describe('size on disk; null: not installed'),
  licence: z.string(),
  terms: z.string().nullable().describe('terms to accept before it is installed; null: none, or already accepted'),
  state: z
    .enum(['built-in', 'not installed', 'downloading', 'installed', 'filling', 'active'])
    .describe('`filling`: takes over when its space is as full as the current one'),
  progress: z.number().nullable().describe('progress of the download, 0–1; null: not downloading'),
  ms_per_picture: z.number().nullable().describe('milliseconds per picture, measured on this machine; null: not measured'),
  measured_on: z
    .enum(['a trial', 'photos'])
    .nullable()
    .describe('`a trial`: alone and warm, on one picture; `photos`: median over the newest photos of the library, including waiting'),
  threads: Count.nullable().describe('number of threads that ran fastest here; null: not measured'),
  batch: Count.nullable().describe('batch size that ran fastest here; 1: more did not pay, or it takes one picture; null: not measured'),
  pin: z
    .object({
      state: z
        .enum(['pinned', 'partly', 'remembered', 'not yet'])
        .describe(
          '`pinned`, `partly`: to known digests; `remembered`: to the first download here; `not yet`: the first download will be remembered',
        ),
      commit: z.string().nullable().describe('commit of its repository; null: not known'),
      text: z.string().describe('the same as a sentence'),
      changed: z
        .boolean()
        .describe('true: the hub now has other files than at the first download, which are refused unless `accept_changed` is sent'),
    })
    .nullable()
    .describe('digests that a download must match; null: nothing is downloaded'),
  quality: z.string().nullable().describe('quality measured by this project’s evaluation; null: not measured'),
  note: z.string().nullable().describe('a short description'),
  notice: z.string().nullable().describe('what needs attention: a download, a damaged file, an unusable device'),
})
export type CatalogueModel = z.infer<typeof CatalogueModel>

export const SpaceReport = z.object({
  id: Count,
  name: z.string(),
  model: z.string().nullable().describe('installed model of this space; null: none'),
  of: z.enum(['pictures', 'texts']).describe('`texts`: of descriptions of photos'),
  width: Count.describe('dimensions of its vectors'),
  vectors: Count.describe('number of vectors'),
  owed: Count.describe('photos still missing from it'),
  state: z.enum(['serving', 'filling', 'paused', 'kept']).describe('`serving`: used by searches; `kept`: neither used nor filled'),
  reason: z.string().nullable().describe('why it is paused'),
  is_previous: z.boolean().describe('true: the space used before the current one, to which a rollback returns'),
  is_indexed: z.boolean(),
  created_at: z.string().describe('when it was created (ISO 8601)'),
})
export type SpaceReport = z.infer<typeof SpaceReport>

export const DayCount = z.object({ day: z.string(), count: Count })
export const CategoryCount = z.object({
  id: Count,
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()).describe('a photo with any of these tags is in the category, unless a person decided otherwise'),
  count: Count.describe('number of photos'),
  is_updating: z.boolean().describe('true: its tags changed and not all photos are updated yet'),
})
export type CategoryCount = z.infer<typeof CategoryCount>

export const UploadResult = z.object({
  id: Count,
  filename: z.string().describe('original file name'),
  duplicate: z.boolean().describe('true: these bytes were already in the library'),
  deleted_at: z
    .string()
    .nullable()
    .describe('set if these bytes were deleted before: the photo `id` is in the trash; restore it with `/api/trash/restore`'),
  message: z.string(),
})
export type UploadResult = z.infer<typeof UploadResult>
