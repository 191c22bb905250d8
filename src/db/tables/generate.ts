/** @file Product pictures made from photos. */
import type { ColumnType, Generated } from 'kysely'
import type { Fidelity } from '../../contract/fidelity.ts'
import type { GeneratedCheck } from '../../contract/generate.ts'
import type { GeneratedState, GenerationState, Review, Shadow } from '../../contract/words.ts'
import type { Timestamp } from './columns.ts'

export interface GenerateTables {
  generations: {
    id: Generated<number>
    product_type: string
    state: Generated<GenerationState>
    /** as written */
    height: string | null
    width: string | null
    shadow: Generated<Shadow>
    /** gets what is made, under `gen_images/`; null: none */
    store: string | null
    /** why it stopped */
    reason: string | null
    /** its budget; null: any */
    most_scenes: number | null
    most_tokens: number | null
    most_cost: number | null
    /** spent so far, redone scenes included */
    scenes: Generated<number>
    tokens: Generated<number>
    cost: Generated<number>
    created_at: Generated<Date>
    ended_at: Timestamp | null
  }
  generated_images: {
    id: Generated<number>
    generation_id: number
    source_id: number | null
    prompt_index: number
    image_type: number
    state: Generated<GeneratedState>
    reason: string | null
    attempts: Generated<number>
    review: Generated<Review>
    photo_id: number | null
    /** relative to the folder of held pictures; null once it is a photo */
    held_file: string | null
    prompt: string | null
    model_id: string | null
    cutter_id: string | null
    seed: number
    width: number | null
    height: number | null
    fidelity: ColumnType<Fidelity, string, string> | null
    checks: ColumnType<GeneratedCheck[], string | undefined, string>
    tokens: number | null
    cost: number | null
    stored_at: Timestamp | null
    store_picture_id: number | null
    duration_ms: number | null
    ended_at: Timestamp | null
  }
  generation_usage: {
    /** `YYYY-MM-DD`, UTC */
    day: string
    scenes: Generated<number>
  }
}
