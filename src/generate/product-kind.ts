/** @file What a kind of product is: which pictures are made of it, and what it wants of their scenes. One file each in `products/`. */
import type { SceneName, TypeNumber } from './types.ts'

/** What a product wants of one scene; what it does not say is the scene’s. */
export interface SceneWish {
  /** the stage in words; the product itself is not described, as it must not be drawn anew */
  readonly stage?: string
  /** share of the side the product’s longer side takes, 0–1 */
  readonly fill?: number
  /** where the product’s middle stands, in shares of the side */
  readonly middle?: { readonly x: number; readonly y: number }
}

/** A picture by its words. */
export interface Prompt {
  readonly type: TypeNumber
  /** in place of the stage that the product has for the type */
  readonly stage?: string
}

export interface ProductKind {
  /** several of them, for a person who chooses */
  readonly label: string
  /** what it is one of: a scene shows no other */
  readonly goods: string
  /** numbers of the types made unless others are asked for, in order */
  readonly defaultTypes: readonly [TypeNumber, ...TypeNumber[]]
  readonly scenes: { readonly [N in SceneName]?: SceneWish }
  /** system D’s prompt system: what is made, in order, where no types are asked for; its `/generate-images` takes none for such a product */
  readonly prompts?: readonly [Prompt, ...Prompt[]]
}
