/** @file What a kind of picture is: how it is made, how large, what is measured of it. One file each in `types/`. */

/** Measured of a picture on white, besides fidelity, cut-out and resolution, which are measured of every picture. */
export type CheckName = 'white' | 'fill' | 'centre' | 'shape'

interface Common {
  /** as the API and runs name it, 1–99; never given to another type */
  readonly number: number
  readonly name: string
  /** one sentence for a person who chooses */
  readonly about: string
  /** sides of the square in pixels; on white at least */
  readonly side: number
  /** share of the side the product's longer side takes, 0–1 */
  readonly fill: number
}

export type ImageType =
  /** of the product's own pixels, without any model that makes some */
  | (Common & {
      readonly way: 'white' | 'dimensions'
      /** sides at most, where the product has pixels for more than `side` */
      readonly mostSide: number
      readonly checks: readonly CheckName[]
    })
  /** a maker makes the scene, the product is laid back over it */
  | (Common & {
      readonly way: 'scene'
      /** where the product's middle stands, in shares of the side */
      readonly middle: { readonly x: number; readonly y: number }
      /** the stage in words, for products that ask for none of their own */
      readonly stage: string
      /** what the maker is asked for; the product itself is not described, as it must not be drawn anew */
      readonly prompt: (stage: string, goods: string) => string
    })

/** Said after every scene: it is a stage, the product comes from the photo. */
export const stageOf = (goods: string): string =>
  `Photorealistic commercial photograph, soft natural light from the upper left, shallow depth of field. No text, no logo, no watermark, no other ${goods}.`

/** Larger squares only cost: a product of 3,400 px fills 85 % of it, and no marketplace shows more than 4,000. */
export const MAX_SIDE = 4000
