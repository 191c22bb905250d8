/** @file What the step `metadata` finds. */
import type { PhotoMetadata } from '../../../media/metadata.ts'
import type { FoundSidecar } from '../../../media/read-sidecar.ts'

export interface FoundMetadata extends PhotoMetadata {
  /** where the photo stands in time: the wall clock when it was taken, else when its file was last written, read as UTC */
  readonly sortAtMs: number
  /** `YYYY-MM-DD` */
  readonly day: string
  /** those of other programs and ours, beside the original */
  readonly sidecars: readonly FoundSidecar[]
}
