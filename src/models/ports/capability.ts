/** @file What models can do, as interfaces. A provider implements some; steps and search see nothing else. */
import type { Capability } from '../../contract/words.ts'
import type { Box, Point } from '../../domain/geometry.ts'
import type { Outline } from '../../domain/product/cut-out/outline.ts'
import type { ShadowPlane } from '../../domain/product/cut-out/shadow.ts'
import type { Picture } from '../../media/picture.ts'

/** Who said it. `id` is what the ledger and every stored fact carry. */
export interface ModelInfo {
  /** `<provider>/<name>@<version>`, e.g. `builtin/pp-ocrv4@1` */
  readonly id: string
  readonly provider: string
  readonly name: string
  readonly version: string
  readonly licence: string
}

export interface Model extends AsyncDisposable {
  readonly info: ModelInfo
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** of a call that may be billed; its requests carry keys made from it */
  readonly callId?: string
}

export interface FoundObject {
  /** lower case English, e.g. `dining table`; COCO’s, in words of one sense (`computer mouse`) */
  readonly label: string
  /** 0–1 */
  readonly confidence: number
  readonly box: Box
}
export interface ObjectFinder extends Model {
  findObjects(picture: Picture, options?: CallOptions): Promise<FoundObject[]>
}

export interface FoundLabel {
  readonly tag: string
  /** 0–1, at least the tag's threshold */
  readonly confidence: number
}
/** Says what a whole picture shows, from a list of its own. */
export interface PictureTagger extends Model {
  tagPicture(picture: Picture, options?: CallOptions): Promise<FoundLabel[]>
}

export interface ReadWord {
  readonly text: string
  /** four corners in reading direction: start-top, end-top, end-bottom, start-bottom */
  readonly polygon: readonly Point[]
}
export interface ReadLine {
  readonly text: string
  /** 0–1 */
  readonly confidence: number
  readonly polygon: readonly Point[]
  readonly words: readonly ReadWord[]
}
export interface ReadText {
  /** lines joined by newlines in reading order; empty when there is no text */
  readonly text: string
  readonly lines: readonly ReadLine[]
  /** script of most characters: `latin`, `chinese` or null without text */
  readonly script: 'latin' | 'chinese' | null
  /** quarter turns (0, 90, 180, 270) by which the page reads upright; null without text */
  readonly rotation: number | null
  /** true when the cheap pass saw no text and recognition never ran */
  readonly gated: boolean
}
export interface TextReader extends Model {
  readText(picture: Picture, options?: CallOptions): Promise<ReadText>
}

export interface FoundFace {
  readonly box: Box
  /** detector confidence, 0–1 */
  readonly confidence: number
  /** left eye, right eye, nose tip, left mouth corner, right mouth corner as seen by the viewer */
  readonly landmarks: readonly Point[]
  /** 0–1: size, sharpness and frontality together; below .3 is of little use for recognition */
  readonly quality: number
  /** compare by the distance named in `FaceFinder.space` */
  readonly vector: Float32Array
}
export interface FaceFinder extends Model {
  readonly space: { readonly width: number; readonly metric: 'l2' | 'cosine'; readonly samePersonBelow: number }
  findFaces(picture: Picture, options?: CallOptions): Promise<FoundFace[]>
}

/** One embedding space: vectors of different spaces never meet. */
export interface Space {
  /** model id and width, e.g. `onnx/semantic-standin@ab12cd34/256` */
  readonly name: string
  readonly width: number
  /** false for spaces without a text tower (`look`) */
  readonly hasText: boolean
}
export interface ImageEmbedder extends Model {
  readonly space: Space
  /** [width] float32 of unit length */
  embedImage(picture: Picture, options?: CallOptions): Promise<Float32Array>
}
export interface TextEmbedder extends Model {
  readonly space: Space
  /** [width] float32 of unit length */
  embedText(text: string, options?: CallOptions): Promise<Float32Array>
  /** words of a text that it leaves out; absent where it takes any text whole */
  unknownWords?(text: string): readonly string[]
}

export interface FoundOutline {
  /** where the product is, at working size; null when nothing stands out */
  readonly outline: Outline | null
  /** the shadow it threw; null where the model cannot tell it from the background */
  readonly shadow: ShadowPlane | null
  /** 0–1 how far the outline can be trusted */
  readonly sureness: number
  /** false: a person should look before it is used */
  readonly isSure: boolean
  /** why not, for a person; null when sure */
  readonly notice: string | null
}
/** Tells a product from its background. Part of it works in the calling thread: call it from a worker. */
export interface ProductCutter extends Model {
  findOutline(picture: Picture, options?: CallOptions): Promise<FoundOutline>
}

/** Which interface a step gets for the capability it names. */
export interface StepModels {
  'find-objects': ObjectFinder
  tag: PictureTagger
  'read-text': TextReader
  'find-faces': FaceFinder
  'embed-image': ImageEmbedder
}
export type StepCapability = keyof StepModels & Capability
