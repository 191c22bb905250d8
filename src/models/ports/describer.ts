/** @file The capability `describe`: a picture in words. One interface for one call (a vision–language model) and two calls (caption, then words to facts). */
import type { ClusterWords, Description, ProductWords } from '../../domain/description.ts'
import type { CallOptions, Model } from './capability.ts'
import type { Price, Usage } from './usage.ts'

export interface DescribablePicture {
  /** a whole JPEG; whatever it carries beside the pixels (EXIF, XMP, comments) is taken off before it is sent */
  readonly jpeg: Uint8Array
  /** pixels */
  readonly width: number
  readonly height: number
}

export interface DescribeOptions extends CallOptions {
  /** of the words in the answer: an English name of a language, e.g. `german`. Categories and scene types stay English. Default: english */
  readonly language?: string
  /** The picture is of a product, of this kind in the words of whoever sent it: it is described as one. */
  readonly product?: { readonly kind: string } | undefined
}

export interface DescribeResult {
  readonly description: Description
  /** absent: it was not asked about a product, or said nothing usable of it */
  readonly product?: ProductWords | null
  /** every model that had a part, in order, as the servers name them */
  readonly models: readonly string[]
  readonly promptVersion: string
  /** true when the model's structured answer could not be used whole: what could not is null or empty */
  readonly fallbackUsed: boolean
  /** for a person; null without fallback */
  readonly fallbackReason: string | null
  readonly usage: Usage
  readonly durationMs: number
}

export interface LabelResult {
  /** null: the answers had no name that can be used */
  readonly label: ClusterWords | null
  /** why it is not whole; null when it is */
  readonly problem: string | null
  readonly models: readonly string[]
  readonly usage: Usage
}

export interface Describer extends Model {
  /** true when pictures leave this machine */
  readonly isRemote: boolean
  /** its calls may be billed: a server of it wants a key, or has a price */
  readonly isPaid: boolean
  /** hosts that get the picture or its caption, for the settings page; empty when nothing leaves the process */
  readonly sendsTo: readonly string[]
  readonly form: 'one-call' | 'two-calls'
  readonly promptVersion: string
  /** by which costs are estimated where the server tells none; null where no price is known */
  readonly price: Price | null
  /** long side in pixels of the JPEG to hand over; more is only slower */
  readonly maxSide: number
  /**
   * @throws ProviderFailure whose `fault` and `kind` say what the caller should do; it carries what was spent all the same
   * @throws the signal's reason when aborted
   */
  describe(picture: DescribablePicture, options?: DescribeOptions): Promise<DescribeResult>
  /**
   * One prompt over the captions of a group of pictures to the language model; null where this describer has none.
   * @throws as `describe`
   */
  readonly label: ((captions: readonly string[], options?: DescribeOptions) => Promise<LabelResult>) | null
  /** What of it has to lie on this machine and does not, for a person; null when all is here. Asks nobody. */
  findMissing(): Promise<string | null>
  /** Asks its servers whether the model is there; nothing of a picture is sent. @returns what was found, for a person. @throws ProviderFailure */
  checkPresence(signal?: AbortSignal): Promise<string>
}
