/** @file The capability `make-image`: a picture from words, or around a product that is given with a mask. */
import type { CallOptions, Model } from './capability.ts'

export interface ImageWish {
  readonly prompt: string
  /** sides in pixels; the maker takes the nearest it can */
  readonly width: number
  readonly height: number
  readonly seed: number
  /** the product where it is to stand; only makers that can edit get it */
  readonly product?: { readonly image: Uint8Array; readonly mask: Uint8Array }
}

export interface MadeImage {
  /** a whole JPEG, PNG or WebP */
  readonly bytes: Uint8Array
  /** as the server tells; null where it does not */
  readonly tokens: number | null
  readonly cost: number | null
}

export interface ImageMaker extends Model {
  /** true when what is sent leaves this machine */
  readonly isRemote: boolean
  /** its calls may be billed: its server wants a key, or has a price */
  readonly isPaid: boolean
  readonly sendsTo: readonly string[]
  /** true: it gets the product's picture and a mask, and paints around it; false: it gets words alone */
  readonly canEdit: boolean
  /** @throws ProviderFailure saying whose fault it is; the signal's reason when aborted */
  makeImage(wish: ImageWish, options?: CallOptions): Promise<MadeImage>
}
