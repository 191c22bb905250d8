/** @file What a search needs from the running library. */
import type { Db } from '../db/client.ts'
import type { SearchLanguage } from '../document/store.ts'
import type { ExampleDeps } from './examples.ts'
import type { FacetIndex } from './facet-index.ts'
import type { AnswerGround, KeptAnswers } from './kept-answers.ts'
import type { SearchMemory } from './memory.ts'
import type { FindNear } from './store-vector.ts'

/** The query as vectors of descriptions know it, or why it could not be asked; null where descriptions are not embedded. */
export type FindDescribed = (
  text: string,
) => Promise<{ readonly spaceId: number; readonly vector: Float32Array; readonly cutOff: number } | { readonly notice: string } | null>

export interface SearchDeps extends AnswerGround {
  readonly db: Db
  /** the language the documents are folded in (`applySearchLanguage`) */
  readonly language: SearchLanguage
  /** one per running program; without it every page is searched anew and counts are read each time */
  readonly memory?: SearchMemory
  /** whole answers; without them every question is searched anew */
  readonly answers?: KeptAnswers | null
  /** search by what descriptions say; off without it */
  readonly described?: FindDescribed
  /** vectors in memory; without it the database compares them */
  readonly findNear?: FindNear | null
  /** distance from a text above which a photo of this space is no hit by itself; null where none was measured */
  readonly cutOff?: (space: string) => number | null
  /** what a list by meaning of this space is worth in the fusion, of a full model’s weight */
  readonly worth?: (space: string) => number
  /** vectors of a part of a photo; without it none can be searched by */
  readonly lookAt?: ExampleDeps['lookAt']
  /** what values photos hold, for names in the text (`camera:canon`); one per running program */
  readonly facetIndex?: FacetIndex
}
