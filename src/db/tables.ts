/** @file The tables as Kysely sees them, stage by stage. Kept in step with the migrations by a test that reads the live schema. */
import type { AccessTables } from './tables/access.ts'
import type { AlbumsTables } from './tables/albums.ts'
import type { ClustersTables } from './tables/clusters.ts'
import type { DescribeTables } from './tables/describe.ts'
import type { EditsTables } from './tables/edits.ts'
import type { GenerateTables } from './tables/generate.ts'
import type { GroupsTables } from './tables/groups.ts'
import type { LibraryTables } from './tables/library.ts'
import type { PaidTables } from './tables/paid.ts'
import type { ProcessesTables } from './tables/processes.ts'
import type { ProductsTables } from './tables/products.ts'
import type { RecordsTables } from './tables/records.ts'
import type { SearchTables } from './tables/search.ts'
import type { SpacesTables } from './tables/spaces.ts'
import type { TagsTables } from './tables/tags.ts'
import type { VerifyTables } from './tables/verify.ts'

export interface Database
  extends LibraryTables,
    TagsTables,
    GroupsTables,
    ClustersTables,
    SpacesTables,
    DescribeTables,
    SearchTables,
    EditsTables,
    AlbumsTables,
    ProductsTables,
    GenerateTables,
    AccessTables,
    VerifyTables,
    RecordsTables,
    PaidTables,
    ProcessesTables {}
