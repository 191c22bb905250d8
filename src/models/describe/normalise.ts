/** @file From a model's answer, whole or in parts, to what is stored: cleaned, bounded, without doubles; what is absent stays absent. */
import {
  type ClusterWords,
  type DescribedObject,
  type Description,
  DESCRIPTION_LIMITS as LIMITS,
  type ProductWords,
} from '../../domain/description.ts'
import type { ClusterAnswer, DescriptionAnswer, ProductAnswer } from './answer.ts'
import { cleanName, cleanText } from './clean-text.ts'

export function normaliseAnswer(answer: Partial<DescriptionAnswer>): Description {
  return {
    primaryCategory: answer.primary_category ?? null,
    tags: listNames(answer.tags ?? []).slice(0, LIMITS.tags),
    description: clean(answer.description, LIMITS.descriptionCharacters),
    altText: clean(answer.alt_text, LIMITS.altTextCharacters),
    detectedObjects: listObjects(answer.detected_objects ?? []),
    sceneType: answer.scene_type ?? null,
    suggestedClusterName: nameCluster(answer.suggested_cluster_name),
    inspirationPrompt: clean(answer.inspiration_prompt, LIMITS.inspirationPromptCharacters),
  }
}

/** @returns null where the answer has no usable name */
export function normaliseClusterAnswer(answer: Partial<ClusterAnswer>): ClusterWords | null {
  const name = nameCluster(answer.cluster_name)
  if (name === null) return null
  return {
    name,
    description: clean(answer.description, LIMITS.descriptionCharacters),
    tags: listNames(answer.tags ?? []).slice(0, LIMITS.clusterTags),
    primaryCategory: answer.primary_category ?? null,
  }
}

/** @returns null where the answer has no usable name: then it says nothing of a product */
export function normaliseProduct(answer: Partial<ProductAnswer>): ProductWords | null {
  const name = clean(answer.name, LIMITS.productNameCharacters)
    ?.replace(/^["'“‘(]+|["'”’).]+$/g, '')
    .trim()
  if (!name || name.endsWith('…')) return null
  return {
    name,
    description: clean(answer.description, LIMITS.descriptionCharacters),
    attributes: listAttributes(answer.attributes ?? []),
    colour: clean(answer.color, LIMITS.tagCharacters),
    prompt: clean(answer.prompt, LIMITS.inspirationPromptCharacters),
    grade: answer.quality ?? null,
  }
}

/** In the case the model wrote them in: “925 sterling silver”, “Art Deco”. */
function listAttributes(attributes: readonly string[]): string[] {
  const cleaned = attributes.map((text) => cleanText(text, LIMITS.attributeCharacters)).filter((text) => text !== null)
  return [...new Map(cleaned.map((text) => [foldName(text.toLowerCase()), text])).values()].slice(0, LIMITS.attributes)
}

/** What a whole answer must have and this one lost in cleaning, in words; null when nothing. */
export function missingParts(description: Description): string | null {
  const missing = [
    description.primaryCategory === null ? 'category' : null,
    description.tags.length === 0 ? 'tags' : null,
    description.altText === null ? 'alt text' : null,
  ].filter((part) => part !== null)
  return missing.length === 0 ? null : `the answer had no usable ${missing.join(', ')}`
}

function clean(text: string | null | undefined, max: number): string | null {
  return text === null || text === undefined ? null : cleanText(text, max)
}

function listNames(names: readonly string[]): string[] {
  const kept = new Map<string, string>()
  for (const text of names) {
    const name = cleanName(text, LIMITS.tagCharacters)
    if (name !== null && !kept.has(foldName(name))) kept.set(foldName(name), name)
  }
  return [...kept.values()]
}

/** `Hot-dog` and `hot dog` are one name. Singular and plural are not folded: that needs a lexicon, and differs by language. */
function foldName(name: string): string {
  return name.replace(/[\s-]+/g, ' ')
}

function listObjects(objects: DescriptionAnswer['detected_objects']): DescribedObject[] {
  const best = new Map<string, DescribedObject>()
  for (const object of objects) {
    const name = cleanName(object.name, LIMITS.tagCharacters)
    if (name === null) continue
    // a number outside 0–1 is on some other scale; which one is not ours to guess
    const confidence = object.confidence >= 0 && object.confidence <= 1 ? object.confidence : null
    const known = best.get(foldName(name))
    if (!known || (confidence ?? -1) > (known.confidence ?? -1)) best.set(foldName(name), { name: known?.name ?? name, confidence })
  }
  return [...best.values()].sort((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1)).slice(0, LIMITS.detectedObjects)
}

const WRITTEN_WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** Two to four words; one word or a sentence is no name of an album. */
function nameCluster(text: string | undefined): string | null {
  const name = clean(text, LIMITS.clusterNameCharacters * 2)
    ?.replace(/^["'“‘(]+|["'”’).!]+$/g, '')
    .trim()
  if (name === undefined || name.length > LIMITS.clusterNameCharacters) return null
  const words = name.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length
  if (WRITTEN_WITHOUT_SPACES.test(name)) return name.length >= 2 && name.length <= 20 ? name : null
  return words >= 2 && words <= 4 ? name : null
}
