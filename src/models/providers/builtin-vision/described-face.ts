/** @file What goes into the description of faces and what comes out. */
import type { Point } from '../../../domain/geometry.ts'
import type { Pixels } from '../../../media/picture.ts'

export interface RegionToDescribe {
  readonly pixels: Pixels
  /** the detector's */
  readonly score: number
  /** the face in pixels of the region */
  readonly face: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

export interface DescribedFace {
  /** five points in pixels of the region */
  readonly points: readonly Point[]
  readonly vector: Float32Array
  readonly sharpness: number
  /** 0–1, of the detector and the face mesh together */
  readonly confidence: number
}
