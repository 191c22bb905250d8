/** @file What a model says of a picture in words: the shape that is stored, already cleaned and bounded. Types only. */
import type { PrimaryCategory, SceneType } from '../contract/words.ts'

/** Bounds of every part; answers are cut to them, never refused for length. */
export const DESCRIPTION_LIMITS = {
  tags: 15,
  /** fewer than this and the model is asked again; what it then says stands */
  tagsAsked: 5,
  tagCharacters: 40,
  detectedObjects: 30,
  descriptionCharacters: 2000,
  /** screen readers stop listening to more (WCAG techniques advise about 150; some languages need more) */
  altTextCharacters: 250,
  clusterNameCharacters: 60,
  clusterTags: 10,
  inspirationPromptCharacters: 1000,
  productNameCharacters: 120,
  attributes: 12,
  attributeCharacters: 60,
} as const

/** What a model says of a product that was shown to it; plain text like a description. */
export interface ProductWords {
  readonly name: string
  readonly description: string | null
  readonly attributes: readonly string[]
  readonly colour: string | null
  readonly prompt: string | null
  /** of the photo, for a shop; null where the model did not see it */
  readonly grade: 'A' | 'B' | 'C' | null
}

/** What pictures of one group have in common. */
export interface ClusterWords {
  /** 2–4 words */
  readonly name: string
  readonly description: string | null
  readonly tags: readonly string[]
  readonly primaryCategory: PrimaryCategory | null
}

export interface DescribedObject {
  /** lower case, e.g. `dining table` */
  readonly name: string
  /** 0–1; null when the model did not say */
  readonly confidence: number | null
}

/** Plain text throughout: no markup, no addresses. What the model did not say is null or an empty list, never made up. */
export interface Description {
  readonly primaryCategory: PrimaryCategory | null
  /** at most 15, lower case, no doubles, in the model's order */
  readonly tags: readonly string[]
  readonly description: string | null
  readonly altText: string | null
  /** surest first, each name once */
  readonly detectedObjects: readonly DescribedObject[]
  readonly sceneType: SceneType | null
  /** 2–4 words */
  readonly suggestedClusterName: string | null
  /** mood, composition, style and colours, without names or exact details: a prompt for another picture of the same feel */
  readonly inspirationPrompt: string | null
}
