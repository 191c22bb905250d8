/** @file What a face detector’s network gives, and what it is read as. */
import type { Point } from '../../../domain/geometry.ts'

export interface FaceCandidate {
  readonly score: number
  /** left, top, right, bottom in pixels of the network’s input */
  readonly edges: readonly [number, number, number, number]
  /** left eye, right eye, nose tip, left and right mouth corner as seen by the viewer, in pixels of the input */
  readonly points: readonly Point[]
}

export type Outputs = Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>
