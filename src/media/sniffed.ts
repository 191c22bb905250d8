/** @file What the first bytes of a file say it is. */
import type { PhotoFormat } from '../contract/words.ts'

export type Sniffed = { readonly format: PhotoFormat } | { readonly refused: string }
