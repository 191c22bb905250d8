/** @file A picture somebody searches by. */

/** A picture as vectors: of the built-in space, and of an image model’s. */
export interface PictureVectors {
  readonly look: Float32Array
  readonly own: { readonly space: string; readonly vector: Float32Array } | null
}
