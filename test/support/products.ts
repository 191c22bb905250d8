/** @file Product pictures over HTTP: some that are unlike each other, what the calls answer, by the contract, and sending one. */
import type { z } from 'zod'
import type { NewCaptionD, SimilarityD } from '../../src/contract/described-products.ts'
import type { CheckAnswer, StoreCheck, StoreReport } from '../../src/contract/products.ts'
import { drawnPath, photoPath } from './pictures.ts'

/** On white, so that it can be cut out. */
export const PLAIN_PRODUCT = drawnPath('product-hoop')
/** None is like another, nor like the plain one. */
export const PRODUCTS: readonly string[] = [
  drawnPath('product-pendant'),
  drawnPath('product-pearl'),
  drawnPath('product-hoop-busy'),
  drawnPath('product-pendant-busy'),
  photoPath('clock'),
  photoPath('fig'),
  photoPath('cups'),
]

type Similarity = z.infer<typeof SimilarityD>
export type NewD = Extract<Similarity, { duplicate_found: false }>
export type FoundD = Extract<Similarity, { duplicate_found: true }>
export type CaptionD = z.infer<typeof NewCaptionD>
export type Checked = z.infer<typeof CheckAnswer>
export type StoreChecked = z.infer<typeof StoreCheck>
export interface Stores {
  readonly stores: readonly z.infer<typeof StoreReport>[]
}

export interface Sent<T> {
  readonly status: number
  readonly body: T
}

/** The picture as `file` of a form, with fields before or after it. `T`: what is expected to come back */
export async function sendForm<T>(
  address: string,
  bytes: Uint8Array,
  name: string,
  {
    before = {},
    after = {},
  }: { readonly before?: Readonly<Record<string, string>>; readonly after?: Readonly<Record<string, string>> } = {},
): Promise<Sent<T>> {
  const form = new FormData()
  for (const [key, value] of Object.entries(before)) form.append(key, value)
  form.append('file', new Blob([new Uint8Array(bytes)]), name)
  for (const [key, value] of Object.entries(after)) form.append(key, value)
  const answer = await fetch(address, { method: 'POST', body: form })
  return { status: answer.status, body: (await answer.json()) as T }
}
