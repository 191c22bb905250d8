/** @file What the render process is asked and answers. Structured-cloneable. */
import type { Device } from '../../config/device.ts'
import type { Fidelity } from '../../contract/fidelity.ts'
import type { GeneratedCheck } from '../../contract/generate.ts'
import type { PhotoFormat, Shadow } from '../../contract/words.ts'
import type { DecodeLimits } from '../../media/limits.ts'
import type { ModelPlace } from '../../models/registry.ts'
import type { FoundFile } from '../../storage/bounds.ts'
import type { CheckName } from '../image-type.ts'

/** Who tells products from backgrounds; `missing`: why the chosen model cannot. */
export type CutterChoice = 'built-in' | ModelPlace | { readonly missing: string }

export interface Original extends FoundFile {
  readonly format: PhotoFormat
  readonly cutter: CutterChoice
}

export interface OwnJob {
  readonly original: Original
  readonly way: 'white' | 'dimensions'
  /** of the square, at least and at most */
  readonly side: number
  readonly mostSide: number
  readonly fill: number
  readonly checks: readonly CheckName[]
  readonly shadow: Shadow
  /** as written; only for dimensions */
  readonly height: string | null
  readonly width: string | null
}

export interface StageJob {
  readonly original: Original
  readonly side: number
  readonly fill: number
  readonly middle: { readonly x: number; readonly y: number }
}

/** The product on grey where it is to stand, and the mask that leaves it alone, both square. */
export interface Stage {
  readonly image: Uint8Array
  readonly mask: Uint8Array
}

export interface SceneJob extends StageJob {
  readonly scene: Uint8Array
  /** the maker saw the product, so its own drawing of it can be measured */
  readonly sawProduct: boolean
}

export interface Rendered {
  readonly png: Uint8Array
  readonly width: number
  readonly height: number
  readonly cutter: string
  readonly fidelity: Fidelity
  readonly checks: readonly GeneratedCheck[]
  /** a person must look; null when not */
  readonly held: string | null
}

export interface RenderSettings {
  readonly limits: DecodeLimits
  /** where a model of cut-outs runs */
  readonly device: Device
}
