/** @file What the library and its probe process say to each other. Structured clones over the fork’s channel. */
import type { Mend } from '../../contract/product-words.ts'
import type { PhotoFormat } from '../../contract/words.ts'
import type { PdqHash } from '../../domain/likeness/pdq.ts'
import type { ShotMeasures } from '../../domain/product/shot.ts'
import type { Space } from '../../models/ports/capability.ts'
import type { ModelPlace } from '../../models/registry.ts'
import type { Look } from '../../pipeline/steps/look/look-at.ts'

export interface ProbeOptions {
  readonly device: 'auto' | 'cpu' | 'cuda' | 'coreml' | 'dml'
  /** the embedding model of product pictures; null: none is installed */
  readonly embedding: ModelPlace | null
  readonly maxPixels: number
  readonly maxBytes: number
  readonly decodeTimeoutMs: number
}

/** All that is asked of a picture before it is taken, from one decode. */
export interface Probed {
  readonly hash: PdqHash
  readonly look: Look
  /** null where no embedding model is installed, or it failed (`embeddingProblem`) */
  readonly embedding: { readonly space: Space; readonly vector: Float32Array; readonly modelId: string } | null
  readonly embeddingProblem: string | null
  readonly shot: ShotMeasures
  /** for a describer: upright, without metadata */
  readonly jpeg: { readonly jpeg: Uint8Array; readonly width: number; readonly height: number } | null
}

export interface ProbeRequest {
  /** absolute; read only */
  readonly path: string
  readonly format: PhotoFormat
  /** long side of the JPEG wanted; null: none */
  readonly jpegSide: number | null
}

export interface MendTask {
  /** absolute; read only */
  readonly path: string
  readonly format: PhotoFormat
  readonly mends: readonly Mend[]
  readonly fill: number
  readonly side: number
}

export type ToProbe =
  | { readonly type: 'configure'; readonly options: ProbeOptions }
  | ({ readonly type: 'probe'; readonly id: number } & ProbeRequest)
  | ({ readonly type: 'mend'; readonly id: number } & MendTask)

export type FromProbe =
  | { readonly type: 'probed'; readonly id: number; readonly found: Probed }
  | { readonly type: 'mended'; readonly id: number; readonly jpeg: Uint8Array }
  | { readonly type: 'failed'; readonly id: number; readonly code: string; readonly message: string }
