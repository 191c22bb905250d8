/** @file Descriptions by models, what they cost, comparisons. */

import type { ColumnType, Generated } from 'kysely'
import type { ComparisonSide, ComparisonState, PrimaryCategory, Purpose, RunState, SceneType } from '../../contract/words.ts'
import type { DescribedObject, Description } from '../../domain/description.ts'
import type { Int8, Timestamp } from './columns.ts'

interface DescriptionColumns {
  photo_id: number
  /** id of the describer */
  said_by: string
  /** every model that had a part, as the servers name them */
  models: string[]
  prompt_version: string | null
  description: string | null
  alt_text: string | null
  primary_category: PrimaryCategory | null
  scene_type: SceneType | null
  cluster_name: string | null
  inspiration_prompt: string | null
  tags: Generated<string[]>
  detected_objects: ColumnType<DescribedObject[], string, string>
  fallback_used: Generated<boolean>
  fallback_reason: string | null
  input_tokens: number | null
  output_tokens: number | null
  cost: number | null
  currency: string | null
  /** tokens times a price, because the server told no cost */
  cost_estimated: Generated<boolean>
  duration_ms: number | null
  created_at: Generated<Date>
}

export interface DescribeTables {
  descriptions: DescriptionColumns
  /** what other describers said, beside the one in use */
  other_descriptions: DescriptionColumns
  purpose_texts: {
    photo_id: number
    purpose: Purpose
    text: string
    /** id of the describer */
    said_by: string
    models: string[]
    prompt_version: string
    fallback_used: Generated<boolean>
    fallback_reason: string | null
    input_tokens: number | null
    output_tokens: number | null
    cost: number | null
    currency: string | null
    cost_estimated: Generated<boolean>
    duration_ms: number | null
    created_at: Generated<Date>
  }
  describe_usage: {
    /** `YYYY-MM-DD`, UTC */
    day: string
    /** as `paid_models` names it */
    describer: string
    purpose: Generated<Purpose>
    calls: Generated<number>
    failures: Generated<number>
    input_tokens: Generated<Int8>
    output_tokens: Generated<Int8>
    cost: Generated<number>
    currency: string | null
    /** the part of `cost` that no server told */
    estimated_cost: Generated<number>
  }
  describe_runs: {
    id: Generated<number>
    describer: string
    purpose: Generated<Purpose>
    state: Generated<RunState>
    max_tokens: Int8 | null
    max_cost: number | null
    created_at: Generated<Date>
    ended_at: Timestamp | null
  }
  describe_run_photos: {
    run_id: number
    photo_id: number
    state: Generated<'due' | 'done' | 'failed' | 'cancelled'>
    tokens: number | null
    cost: number | null
    cost_estimated: Generated<boolean>
  }
  comparisons: {
    id: Generated<number>
    left_describer: string
    right_describer: string
    state: Generated<ComparisonState>
    created_at: Generated<Date>
    ended_at: Timestamp | null
  }
  comparison_answers: {
    comparison_id: number
    photo_id: number
    side: ComparisonSide
    state: Generated<'due' | 'done' | 'failed'>
    reason: string | null
    attempts: Generated<number>
    said_by: string | null
    description: ColumnType<Description, string, string> | null
    prompt_version: string | null
    fallback_used: Generated<boolean>
    fallback_reason: string | null
    input_tokens: number | null
    output_tokens: number | null
    cost: number | null
    currency: string | null
    cost_estimated: Generated<boolean>
    duration_ms: number | null
  }
}
