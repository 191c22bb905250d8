/** @file The read side of the library as the edges use it: every list, count and detail over the tables, bound to one database. */
import type { z } from 'zod'
import type { AnalysisC } from '../contract/description.ts'
import type { CategoryCount, DayCount, Health, SourceReport, Stats } from '../contract/library.ts'
import type { PhotoDetail } from '../contract/photo.ts'
import type { Collection } from '../contract/words.ts'
import type { DbOrTrx, OpenDatabase } from '../db/client.ts'
import { mayBeSeen } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { keepKnown, keepReadFor } from './keep-read.ts'
import type { PhotoCard } from './photo-card.ts'
import { type BriefA, listPhotoIds, type PhotoA, readBriefsA, readPhotosA, readStanding, type Standing } from './store-described.ts'
import { readAnalysisC } from './store-descriptions.ts'
import { getPhotoDetail, type LibraryDetail } from './store-detail.ts'
import { type PhotoFile, type RenditionSizes, readPhotoFile, readRenditionSizes, readSha256 } from './store-files.ts'
import { type CountCategories, listCategories } from './store-filters.ts'
import { listDays, listPhotos, type PhotoPage, readPhotoCards } from './store-photos.ts'
import { listSources, pingDatabase } from './store-sources.ts'
import { readIndexCounts, readStats } from './store-stats.ts'

export interface Library {
  readonly engine: OpenDatabase['engine']
  /** answers when the database does */
  ping(): Promise<void>
  listPhotos(sees: Visibility, page: PhotoPage): Promise<{ photos: PhotoCard[]; total: number; next: string | null }>
  listDays(sees: Visibility): Promise<z.infer<typeof DayCount>[]>
  getPhoto(sees: Visibility, id: number): Promise<PhotoDetail | undefined>
  /** in the order of `ids`; those that are gone are left out */
  cards(sees: Visibility, ids: readonly number[]): Promise<PhotoCard[]>
  /** the identity of a photo’s bytes; it never changes for an id */
  sha256(sees: Visibility, id: number): Promise<string | undefined>
  /** As they were written, in bytes. @param isAnew what is in memory turned out to be another */
  renditionSizes(id: number, isAnew?: boolean): Promise<RenditionSizes | undefined>
  photoFile(sees: Visibility, id: number): Promise<PhotoFile | undefined>
  stats(sees: Visibility): Promise<Stats>
  indexCounts(sees: Visibility): Promise<Health['index']>
  categories(sees: Visibility): Promise<z.infer<typeof CategoryCount>[]>
  sources(sees: Visibility): Promise<SourceReport[]>
  briefsA(sees: Visibility, ids: readonly number[]): Promise<BriefA[]>
  /** where the analysis of a photo stands */
  standing(sees: Visibility, id: number): Promise<Standing | undefined>
  photosA(sees: Visibility, ids: readonly number[], space: string | null): Promise<PhotoA[]>
  /** undefined where nothing was said of it yet, or it does not exist */
  analysisC(sees: Visibility, id: number): Promise<z.infer<typeof AnalysisC> | undefined>
  /** @param collections default: photos of a person */
  photoIds(sees: Visibility, skip: number, limit: number, collections?: readonly Collection[]): Promise<number[]>
}

/** What stages above say of photos. */
export interface SaidAbove {
  /** where a generated picture comes from, and what was generated from a photo */
  readonly readMade: (db: DbOrTrx, sees: Visibility, id: number) => Promise<Omit<PhotoDetail, keyof LibraryDetail>>
  readonly countCategories?: CountCategories
}

export function createLibrary({ db, engine }: Pick<OpenDatabase, 'db' | 'engine'>, { readMade, countCategories }: SaidAbove): Library {
  const sha256 = keepKnown((id) => readSha256(db, id))
  return {
    engine,
    ping: () => pingDatabase(db),
    listPhotos: (sees, page) => listPhotos(db, sees, page),
    listDays: keepReadFor((sees) => listDays(db, sees)),
    getPhoto: async (sees, id) => {
      const [facts, made] = await Promise.all([getPhotoDetail(db, sees, id), readMade(db, sees, id)])
      return facts && { ...facts, ...made }
    },
    cards: (sees, ids) => readPhotoCards(db, sees, ids),
    sha256: async (sees, id) => ((await mayBeSeen(db, sees, id)) ? sha256(id) : undefined),
    renditionSizes: keepKnown((id) => readRenditionSizes(db, id)),
    photoFile: (sees, id) => readPhotoFile(db, sees, id),
    stats: keepReadFor((sees) => readStats(db, sees, () => listCategories(db, sees, countCategories))),
    indexCounts: keepReadFor((sees) => readIndexCounts(db, sees)),
    categories: (sees) => listCategories(db, sees, countCategories),
    sources: (sees) => listSources(db, sees),
    briefsA: (sees, ids) => readBriefsA(db, sees, ids),
    standing: (sees, id) => readStanding(db, sees, id),
    photosA: (sees, ids, space) => readPhotosA(db, sees, ids, space),
    analysisC: (sees, id) => readAnalysisC(db, sees, id),
    photoIds: (sees, skip, limit, collections) => listPhotoIds(db, sees, skip, limit, collections),
  }
}
