/** @file The library as a whole: status, statistics, sources, models, days, categories, people. */
import { z } from 'zod'
import { LastBackup } from './backup.ts'
import { MessageReport } from './messages/report.ts'
import { CAPABILITIES, DUPLICATE_KINDS, LANES, MODEL_TASKS, PHOTO_FORMATS, PHOTO_STATES, STEP_NAMES } from './words.ts'

const Count = z.number().int()

export const ModelReport = z.object({
  capability: z.enum(CAPABILITIES),
  model: z.string().nullable().describe('the model that answers; null when none is there'),
  licence: z.string().nullable(),
  notice: z.string().nullable().describe('why there is none and what to do'),
})

export const LaneReport = z.object({
  lane: z.enum(LANES),
  state: z.enum(['idle', 'working', 'paused', 'off']),
  due: Count.describe('photos with something due'),
  reason: z.string().nullable().describe('why it is paused or off'),
})

const StepTimes = z.object({
  done: Count,
  failed: Count,
  skipped: Count,
  mean_ms: z.number().nullable(),
  p95_ms: z.number().nullable().describe('95 of 100 were done in this time; to within 3 %'),
  success_rate: z.number().nullable().describe('done ÷ (done + failed)'),
})

export const Stats = z.object({
  total: Count.describe('photos that could be read: all states but `failed`'),
  states: z.record(z.enum(PHOTO_STATES), Count),
  steps: z.record(z.enum(STEP_NAMES), StepTimes),
  models: z
    .array(StepTimes.extend({ model: z.string(), step: z.enum(STEP_NAMES) }))
    .describe('the same of each model that a step was run with, the most used first'),
  formats: z.array(z.object({ format: z.enum(PHOTO_FORMATS), photos: Count, bytes: z.number() })),
  storage: z.object({
    originals_bytes: z.number(),
    renditions_bytes: z.number().describe('thumbnails and previews'),
    trash_bytes: z.number().describe('originals that wait in the trash'),
  }),
  growth: z.array(z.object({ month: z.string().describe('`YYYY-MM`, UTC, of joining the library'), added: Count, total: Count })),
  tags: z.array(z.object({ tag: z.string(), photos: Count })).describe('the 20 most frequent, as they were given'),
  categories: z.array(z.object({ category: z.string(), photos: Count })).describe('the 20 most frequent'),
  duplicates: z.array(z.object({ kind: z.enum(DUPLICATE_KINDS), sets: Count, photos: Count.describe('beside the best of each set') })),
  faces: z.object({ faces: Count, named: Count, people: Count.describe('with a name'), photos: Count.describe('with a face') }),
})
export type Stats = z.infer<typeof Stats>

/** How often something was asked for since the program began, and how often it was still in memory. */
const MemoryUse = z.object({
  asked: Count,
  kept: Count.describe('of those, answered from memory'),
  hit_rate: z.number().nullable().describe('kept ÷ asked; null before the first'),
})

export const Health = z.object({
  status: z.enum(['ok', 'degraded']).describe('degraded: a lane is paused; a capability without a model is told in `notices`'),
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
      answers: MemoryUse.describe('whole answers of `/api/search`, kept for 5 minutes while nothing is written to the library'),
      filters: MemoryUse.describe('photos that filters keep'),
      words: MemoryUse.describe('photos that hold a word'),
      encoded: MemoryUse.describe('queries as vectors'),
    })
    .describe('what searches found in memory'),
  runs_on: z.object({ device: z.string(), reason: z.string() }).describe('where models run, and why there'),
  device: z.string().nullable().describe('why models run on the CPU although `DEVICE` asks for another; null when they run as asked'),
  leaves: z.string().describe('what leaves this machine when pictures are described and descriptions embedded, in words'),
  contacts: z
    .array(z.object({ host: z.string(), purpose: z.string() }))
    .describe(
      'every server this library contacts by itself as it is set up now; empty: none. Beside them it contacts only what a request names: another describer that is asked or compared, an address to fetch a picture from',
    ),
  last_backup: LastBackup.nullable().describe('the last backup that was finished; null: there was none'),
  notices: z.array(z.string()),
})
export type Health = z.infer<typeof Health>

/** What the page’s live indicator and the terminal’s progress bar read. */
export const Upgrade = z.object({
  photos: Count.describe(
    'analysed before, and due again by a newer version, a new step or another model; their old results serve until then',
  ),
  seconds: z.number().nullable().describe('how long they take, by the times of their steps so far; null: not known yet'),
  paused: z.boolean().describe('none of them is begun, and they count as done'),
})
export type Upgrade = z.infer<typeof Upgrade>

export const Progress = z.object({
  photos: Count.describe('photos in the library; files that could not be read are not among them'),
  done: Count.describe('of those, with nothing due'),
  failed: Count.describe('files that could not be read'),
  partial: Count,
  due: Count,
  upgrade: Upgrade,
  per_second: z.number().nullable().describe('photos finished per second, lately'),
  seconds_left: z.number().nullable(),
  scanning: z.array(z.object({ path: z.string(), seen: Count })),
  working_on: z.array(z.object({ id: Count, filename: z.string() })),
  notices: z.array(z.string()),
})
export type Progress = z.infer<typeof Progress>

export const SkippedLinks = z.object({
  count: Count,
  examples: z.array(z.object({ path: z.string().describe('below the folder'), target: z.string().describe('where it really leads') })),
})
export type SkippedLinks = z.infer<typeof SkippedLinks>

const FolderNotices = {
  notice: z.string().nullable().describe('the messages as sentences, in one line'),
  messages: z.array(MessageReport).describe('what needs attention, by the last scan'),
}

export const SourceReport = z.object({
  id: Count,
  kind: z.enum(['folder', 'upload']),
  path: z.string().nullable(),
  photos: Count,
  missing: Count,
  scanned_at: z.string().nullable(),
  paused_at: z.string().nullable().describe('not scanned and not watched since then; its photos stay as they are'),
  follow_links: z.array(z.string()).describe('folders outside of it that its links may lead to'),
  skipped_links: SkippedLinks.describe('what the last scan of the whole folder skipped, because it leads out of the folder'),
  unconfirmed: Count.nullable().describe(
    'files that are gone but not marked missing, because they are too many at once; `force` accepts it',
  ),
  ...FolderNotices,
})
export type SourceReport = z.infer<typeof SourceReport>

const FolderPath = z.string().min(1).max(4096)
const FollowLinks = z.array(FolderPath).max(100)

export const AddSource = z.object({
  path: FolderPath,
  follow_links: FollowLinks.optional().describe(
    'folders outside of it that its links may lead to; other links out of it are skipped. Left out: as they are, none for a new source',
  ),
})

export const ChangeSource = z.object({
  path: FolderPath.optional().describe('where the folder lies now: its photos keep their numbers and all that is known of them'),
  force: z
    .boolean()
    .default(false)
    .describe('move it although most of the known files are not there (otherwise 409 with the code `wrong_folder`)'),
  follow_links: FollowLinks.optional().describe('all of them; what is not named here is not followed any more'),
  paused: z.boolean().optional().describe('true: not scanned and not watched, nothing is marked missing, photos stay'),
})

export const RemoveSource = z.object({
  photos: z
    .enum(['trash', 'missing'])
    .describe(
      '`trash`: photos that lie in no other source go to the trash, which can be undone; `missing`: they stay, as photos whose file is missing. Files on the disk stay as they are',
    ),
  dry_run: z.enum(['true', 'false']).default('false').describe('`true`: only count'),
})

export const RemovedSource = z.object({
  id: Count,
  photos: Count.describe('that go to the trash or become missing'),
  elsewhere: Count.describe('that also lie in another source, and stay as they are'),
  edit: Count.nullable().describe('the edit that can be undone: it brings back the folder and its photos; null: add the folder again'),
  dry_run: z.boolean(),
})
export type RemovedSource = z.infer<typeof RemovedSource>

export const ScanReport = z.object({
  source: Count,
  seen: Count.describe('picture files seen'),
  added: Count,
  moved: Count,
  changed: Count,
  unchanged: Count,
  missing: Count.describe('files newly marked missing'),
  returned: Count.describe('files that were missing and are there again'),
  duplicates: Count.describe('files with the same bytes as another'),
  failed: Count,
  ignored: Count.describe('files that are not pictures, hidden and system files'),
  skipped_links: SkippedLinks.describe('links that lead out of the folder'),
  ...FolderNotices,
})
export type ScanReport = z.infer<typeof ScanReport>

export const CatalogueModel = z.object({
  name: z.string(),
  task: z.enum(MODEL_TASKS).nullable().describe('what it can be chosen for; null for built-in models'),
  capabilities: z.array(z.enum(CAPABILITIES)),
  width: Count.nullable(),
  download_bytes: z.number().nullable(),
  installed_bytes: z.number().nullable().describe('null when nothing of it is here'),
  licence: z.string(),
  terms: z.string().nullable().describe('what must be accepted before it is installed; null when nothing must, or it was'),
  state: z
    .enum(['built-in', 'not installed', 'downloading', 'installed', 'filling', 'active'])
    .describe('filling: it answers when its space is as full as the one that answers now'),
  progress: z.number().nullable().describe('0–1 while downloading'),
  ms_per_picture: z.number().nullable().describe('measured on this computer; null: not measured'),
  measured_on: z
    .enum(['a trial', 'photos'])
    .nullable()
    .describe(
      'a trial: alone and warm, on one picture; photos: median over the newest photos of this library, waiting for other work included',
    ),
  threads: Count.nullable().describe('how many ran fastest here; null: not measured'),
  batch: Count.nullable().describe('pictures in a run that ran fastest here: 1 where more did not pay or it takes one; null: not measured'),
  pin: z
    .object({
      state: z
        .enum(['pinned', 'partly', 'remembered', 'not yet'])
        .describe('remembered: to what was first downloaded here; not yet: the first download will be remembered'),
      commit: z.string().nullable().describe('of its repository; null: not known'),
      text: z.string().describe('the same in words'),
      changed: z
        .boolean()
        .describe('the hub has other files now than at the first download, which is refused until `accept_changed` is sent'),
    })
    .nullable()
    .describe('what a download must be, file by file; null: nothing is downloaded'),
  quality: z.string().nullable().describe('measured by the evaluation of this project; null: not measured'),
  note: z.string().nullable().describe('what it is'),
  notice: z.string().nullable().describe('what needs attention: a download, a damaged file, a device that cannot be used'),
})
export type CatalogueModel = z.infer<typeof CatalogueModel>

export const SpaceReport = z.object({
  id: Count,
  name: z.string(),
  model: z.string().nullable().describe('the installed model that speaks it; null when none does'),
  of: z.enum(['pictures', 'texts']).describe('texts: of what photos are said to show'),
  width: Count,
  vectors: Count,
  owed: Count.describe('photos that are not in it yet and could be'),
  state: z.enum(['serving', 'filling', 'paused', 'kept']).describe('serving: searches look into it; kept: it is neither asked nor filled'),
  reason: z.string().nullable().describe('why it is paused'),
  is_previous: z.boolean().describe('it answered before the present one: roll-back leads here'),
  is_indexed: z.boolean(),
  created_at: z.string(),
})
export type SpaceReport = z.infer<typeof SpaceReport>

export const DayCount = z.object({ day: z.string(), count: Count })
export const CategoryCount = z.object({
  id: Count,
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()).describe('a photo with any of these is in the category, unless a person said otherwise'),
  count: Count.describe('photos in it'),
  is_updating: z.boolean().describe('the tags were changed and not every photo was looked at yet'),
})
export type CategoryCount = z.infer<typeof CategoryCount>

export const UploadResult = z.object({
  id: Count,
  filename: z.string(),
  duplicate: z.boolean().describe('true when these bytes were already in the library'),
  deleted_at: z
    .string()
    .nullable()
    .describe('set when these bytes were deleted before: the photo `id` lies in the trash until `/api/trash/restore` brings it back'),
  message: z.string(),
})
export type UploadResult = z.infer<typeof UploadResult>
