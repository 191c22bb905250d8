/** @file The read side of the library as the edges use it: every list, count and detail over the tables, bound to one database. */
import type { z } from 'zod'
import type { AnalysisC } from '../contract/description.ts'
import type { CategoryCount, DayCount, Health, SourceReport, Stats } from '../contract/library.ts'
import type { PhotoDetail } from '../contract/photo.ts'
import type { Collection } from '../contract/words.ts'
import type { DbOrTrx, OpenDatabase } from '../db/client.ts'
import { keepKnown, keepRead } from './keep-read.ts'
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
  listPhotos(page: PhotoPage): Promise<{ photos: PhotoCard[]; total: number; next: string | null }>
  listDays(): Promise<z.infer<typeof DayCount>[]>
  getPhoto(id: number): Promise<PhotoDetail | undefined>
  /** in the order of `ids`; those that are gone are left out */
  cards(ids: readonly number[]): Promise<PhotoCard[]>
  /** the identity of a photo’s bytes; it never changes for an id */
  sha256(id: number): Promise<string | undefined>
  /** As they were written, in bytes. @param isAnew what is in memory turned out to be another */
  renditionSizes(id: number, isAnew?: boolean): Promise<RenditionSizes | undefined>
  photoFile(id: number): Promise<PhotoFile | undefined>
  stats(): Promise<Stats>
  indexCounts(): Promise<Health['index']>
  categories(): Promise<z.infer<typeof CategoryCount>[]>
  sources(): Promise<SourceReport[]>
  briefsA(ids: readonly number[]): Promise<BriefA[]>
  /** where the analysis of a photo stands */
  standing(id: number): Promise<Standing | undefined>
  photosA(ids: readonly number[], space: string | null): Promise<PhotoA[]>
  /** undefined where nothing was said of it yet, or it does not exist */
  analysisC(id: number): Promise<z.infer<typeof AnalysisC> | undefined>
  /** @param collections default: photos of a person */
  photoIds(skip: number, limit: number, collections?: readonly Collection[]): Promise<number[]>
}

/** What stages above say of photos. */
export interface SaidAbove {
  /** where a generated picture comes from, and what was generated from a photo */
  readonly readMade: (db: DbOrTrx, id: number) => Promise<Omit<PhotoDetail, keyof LibraryDetail>>
  readonly countCategories?: CountCategories
}

export function createLibrary({ db, engine }: Pick<OpenDatabase, 'db' | 'engine'>, { readMade, countCategories }: SaidAbove): Library {
  return {
    engine,
    ping: () => pingDatabase(db),
    listPhotos: (page) => listPhotos(db, page),
    listDays: keepRead(() => listDays(db)),
    getPhoto: async (id) => {
      const [facts, made] = await Promise.all([getPhotoDetail(db, id), readMade(db, id)])
      return facts && { ...facts, ...made }
    },
    cards: (ids) => readPhotoCards(db, ids),
    sha256: keepKnown((id) => readSha256(db, id)),
    renditionSizes: keepKnown((id) => readRenditionSizes(db, id)),
    photoFile: (id) => readPhotoFile(db, id),
    stats: keepRead(() => readStats(db, () => listCategories(db, countCategories))),
    indexCounts: keepRead(() => readIndexCounts(db)),
    categories: () => listCategories(db, countCategories),
    sources: () => listSources(db),
    briefsA: (ids) => readBriefsA(db, ids),
    standing: (id) => readStanding(db, id),
    photosA: (ids, space) => readPhotosA(db, ids, space),
    analysisC: (id) => readAnalysisC(db, id),
    photoIds: (skip, limit, collections) => listPhotoIds(db, skip, limit, collections),
  }
}
