/** @file What the handlers need of the rest of the program. `app.ts` builds it; nothing in `http/` reaches further. */
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Accounts } from '../access/accounts.ts'
import type { Links } from '../access/links.ts'
import type { Audit } from '../access/store-audit.ts'
import type { Credentials } from '../access/store-credentials.ts'
import type { Changes } from '../background/changes.ts'
import type { Backups } from '../backup/backups.ts'
import type { SimilarAlbums, SimilarAlbumsQuery } from '../contract/albums.ts'
import type { TripReport } from '../contract/clusters.ts'
import type {
  ComparisonDetail,
  ComparisonReport,
  ComparisonRequest,
  DescribeEstimate,
  DescribeReport,
  DescribeRunRequest,
  DescriberReport,
  DescribeUse,
} from '../contract/describe.ts'
import type { FailureChoice, FailureGroup, RetryReport } from '../contract/failures.ts'
import type { FolderList } from '../contract/folders.ts'
import type { GpuReport } from '../contract/gpu.ts'
import type {
  CatalogueModel,
  Health,
  LaneReport,
  ModelReport,
  Progress,
  ScanReport,
  SourceReport,
  SpaceReport,
  Upgrade,
  UploadResult,
} from '../contract/library.ts'
import type { MendRequest, ProductPicture } from '../contract/products.ts'
import type { QueueLane, QueueName, QueueReport } from '../contract/queue.ts'
import type { ReprocessReport, ReprocessRequest } from '../contract/reprocess.ts'
import type {
  FacetsAnswer,
  FacetsQuery,
  PictureSearchAnswer,
  PictureSearchQuery,
  SearchAnswer,
  SearchQuery,
  SuggestAnswer,
  SuggestQuery,
} from '../contract/search.ts'
import type { TasksReport } from '../contract/tasks.ts'
import type { TryAnswer } from '../contract/try-out.ts'
import type { Collection, Lane, Purpose } from '../contract/words.ts'
import type { Texts } from '../describe/texts/texts.ts'
import type { Outages } from '../domain/outage.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { Categories } from '../edit/categories.ts'
import type { Edits } from '../edit/edits.ts'
import type { Sources } from '../edit/sources.ts'
import type { Trash } from '../edit/trash.ts'
import type { GenerationService } from '../generate/generation-service.ts'
import type { Albums } from '../group/albums/albums.ts'
import type { Clusters } from '../group/clusters/clusters.ts'
import type { Duplicates } from '../group/duplicates/duplicates.ts'
import type { People } from '../group/people/people.ts'
import type { SourceRequest } from '../ingest/folder-sources.ts'
import type { Downloads } from '../library/downloads.ts'
import type { Exports } from '../library/export/exports.ts'
import type { Library } from '../library/library.ts'
import type { ZipEntry } from '../library/zip.ts'
import type { Accepted } from '../models/install/downloads.ts'
import type { Words } from '../pipeline/tagging/words.ts'
import type { KeepStores } from '../product/keep-stores.ts'
import type { SpaceFilling } from '../product/own-space.ts'
import type { Pictures } from '../product/pictures.ts'
import type { Probed } from '../product/probe/protocol.ts'
import type { Products } from '../product/products.ts'
import type { PictureRow } from '../product/store-pictures.ts'
import type { Rebuild } from '../rebuild/rebuilder.ts'
import type { Points } from '../search/points.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import type { LibraryFile } from '../storage/library-file.ts'
import type { Verify } from '../verify/verifier.ts'

/** What of the queue the ledger knows, beside the lanes. */
export interface QueueFacts extends Pick<QueueReport, 'processes' | 'running' | 'upgrade'> {
  readonly paused: ReadonlySet<z.infer<typeof QueueName>['lane']>
  /** photos per second */
  readonly rates: ReadonlyMap<Lane, number | null>
  readonly steps: ReadonlyMap<Lane, QueueLane['steps']>
}

/** Describing for one purpose. */
interface Describe {
  report(): Promise<DescribeReport>
  use(request: z.infer<typeof DescribeUse>): Promise<DescribeReport>
  pause(): Promise<DescribeReport>
  resume(): Promise<DescribeReport>
  cancel(): Promise<DescribeReport>
  ask(choice: string): Promise<DescriberReport>
  run(sees: Visibility, request: z.infer<typeof DescribeRunRequest>): Promise<DescribeEstimate>
  /** throws `not_found` where `saidBy` said nothing of the photo */
  switchTo(sees: Visibility, photoId: number, saidBy: string): Promise<void>
}

export interface Services {
  readonly accounts: Accounts
  readonly credentials: Credentials
  readonly audit: Audit
  /** FOTOTECA_TOKEN is set */
  readonly hasToken: boolean
  readonly links: Links
  readonly library: Library
  readonly backups: Pick<Backups, 'start' | 'report'>
  readonly outages: Pick<Outages, 'current' | 'check'>
  readonly ingest: {
    /** Reads `file` to its end or throws; what it wrote for a failed or aborted stream is gone afterwards. */
    upload(file: Readable, filename: string, collection?: Collection): Promise<UploadResult>
    /** Looks through a folder source and watches it from then on; its problems are logged, not thrown. */
    watch(sourceId: number): Promise<void>
    /** where the original of a photo is now; null when none of its files is there */
    locate(photoId: number): Promise<LibraryFile | null>
    /** throws `invalid` for what is no folder */
    list(path: string | undefined): Promise<FolderList>
    /** throws `not_found`, `invalid`, `conflict` */
    changeSource(sourceId: number, change: SourceRequest): Promise<SourceReport>
    /** throws `not_found` for an unknown source, `conflict` for a paused one */
    scan(sourceId: number, options: { force: boolean }): Promise<ScanReport>
  }
  /** what runs in the background, in all processes */
  readonly changes: Changes
  readonly tasks: () => Promise<TasksReport>
  readonly verify: Verify
  readonly rebuild: Rebuild
  readonly sources: Sources
  readonly edits: Edits
  readonly categories: Categories
  readonly albums: Albums
  readonly clusters: Clusters
  readonly trips: (sees: Visibility) => Promise<TripReport[]>
  /** throws `not_found` for an unknown photo */
  readonly similarAlbums: (sees: Visibility, query: SimilarAlbumsQuery) => Promise<SimilarAlbums>
  readonly duplicates: Duplicates
  readonly trash: Trash
  readonly people: People
  /** throws `not_found` for a photo to search by that is not there */
  readonly reprocess: (sees: Visibility, request: ReprocessRequest) => Promise<ReprocessReport>
  readonly search: (sees: Visibility, query: SearchQuery) => Promise<SearchAnswer>
  /** reads `file` to its end or throws; nothing of it is kept */
  readonly searchByPicture: (sees: Visibility, file: Readable, query: PictureSearchQuery) => Promise<PictureSearchAnswer>
  readonly facets: (sees: Visibility, query: FacetsQuery) => Promise<FacetsAnswer>
  readonly points: Points['points']
  readonly places: Points['places']
  readonly suggest: (sees: Visibility, query: SuggestQuery) => Promise<SuggestAnswer>
  /** how often searches found in memory what they needed */
  readonly searchMemory: () => Health['search_memory']
  /** name of the embedding space search uses now; null before the first */
  readonly activeSpace: () => Promise<string | null>
  readonly words: Words
  readonly models: {
    list(): Promise<CatalogueModel[]>
    pull(name: string | undefined, accepted: Accepted): Promise<CatalogueModel>
    use(name: string): Promise<CatalogueModel>
    importFolder(path: string, name: string | undefined, isAccepted: boolean): Promise<CatalogueModel>
    measure(name: string): Promise<CatalogueModel>
    remove(name: string): Promise<unknown>
    /** why models run on the CPU although `DEVICE` asks for another */
    deviceNotice(): string | null
  }
  /** throws `not_found`, `model_missing`, `conflict`, or what is wrong with the model or the picture */
  readonly tryModel: (sees: Visibility, name: string, photoId: number) => Promise<TryAnswer>
  readonly spaces: {
    list(): Promise<SpaceReport[]>
    use(id: number): Promise<SpaceReport>
    rollBack(): Promise<SpaceReport>
    pause(id: number): Promise<SpaceReport>
    resume(id: number): Promise<SpaceReport>
    drop(id: number): Promise<{ readonly dropped: string }>
  }
  /** where models run, and why there */
  readonly runsOn: Health['runs_on']
  readonly gpus: () => Promise<GpuReport>
  readonly pipeline: {
    pauseUpgrade(isPaused: boolean): Promise<Upgrade>
    progress(sees: Visibility): Promise<Progress>
    queue(): Promise<QueueFacts>
    pauseQueue(lane: z.infer<typeof QueueName>['lane'], isPaused: boolean): Promise<void>
    lanes(): Promise<readonly z.infer<typeof LaneReport>[]>
    models(): readonly z.infer<typeof ModelReport>[]
    /** names of the steps that are due again; throws `not_found` */
    retry(sees: Visibility, photoId: number): Promise<string[]>
    failures(sees: Visibility): Promise<{
      photos: number
      files: number
      groups: readonly (Omit<FailureGroup, 'examples'> & { examples: readonly number[] })[]
    }>
    retryFailures(sees: Visibility, choice: FailureChoice, isDryRun: boolean): Promise<RetryReport>
  }
  readonly describe: Readonly<Record<Purpose, Describe>>
  /** what leaves this machine when pictures are described, in words */
  readonly describedLeaves: () => string
  readonly texts: Pick<Texts, 'report' | 'leaves' | 'notice'>
  /** every server this library contacts by itself */
  readonly contacts: () => Health['contacts']
  readonly comparisons: {
    list(): Promise<ComparisonReport[]>
    get(sees: Visibility, id: number): Promise<ComparisonDetail>
    start(sees: Visibility, request: z.infer<typeof ComparisonRequest>): Promise<ComparisonReport>
    cancel(id: number): Promise<ComparisonReport>
  }
  readonly downloads: Downloads
  readonly exports: Exports
  readonly products: Pick<Pictures, 'stage' | 'discard' | 'take' | 'check' | 'find' | 'trash' | 'restore'> & {
    /** in the order of the ids; what is gone is left out */
    present(ids: readonly number[], base: string): Promise<ProductPicture[]>
    /** the space of a model for products while it is being filled */
    filling(): Promise<SpaceFilling | null>
    /** where others find it; `base`: of this program as the client sees it */
    urlOf(picture: Pick<PictureRow, 'store' | 'key'>, base: string): Promise<string>
    mend(id: number, request: z.output<typeof MendRequest>): Promise<PictureRow>
    /** asks the describe model about it as a product. @returns what is missing and why; null: nothing */
    describe(picture: PictureRow, probed: Probed): Promise<string | null>
  }
  readonly generations: GenerationService
  /** a picture of a configured store or an allowed host; throws `forbidden` for any other address */
  readonly fetchPicture: (address: string, signal?: AbortSignal) => Promise<{ readonly filename: string; readonly stream: Readable }>
  /** name of the configured store an address lies in; null: in none */
  readonly storeOf: (address: string) => string | null
  readonly catalogue: Products & {
    export(
      store: string | undefined,
      names: 'amazon' | 'shopify',
      base: string,
    ): Promise<{ readonly store: string; readonly entries: ZipEntry[] }>
  }
  readonly stores: KeepStores & {
    /** A ZIP of made pictures beside them; the same again is not put twice. @returns its key. @throws FototecaError `unavailable`, `disk_full` */
    putZip(store: string, name: string, entries: ZipEntry[]): Promise<string>
    /** a picture of a store; throws `invalid` for an unknown store, `not_found` */
    open(store: string, key: string): Promise<{ readonly bytes: number; readonly stream: Readable }>
  }
  readonly files: {
    /** where what is shown of photos lies */
    readonly renditions: BlobStore
    /** A copy of the photo’s file with what the library says of it written into it; gone when disposed. Throws `not_found`, `unsupported_format`. */
    copyWithMetadata(photoId: number): Promise<{ readonly path: string } & AsyncDisposable>
  }
}
