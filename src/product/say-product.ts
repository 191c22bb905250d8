/** @file System D’s words of a product picture put together from what was said of the photo, the kind that was given, and its measured colour: where no model was asked about the product. */
import type { ProductProfile } from '../domain/product/product-profile.ts'
import { findWords } from '../domain/product/vocabulary.ts'

export interface SaidOfPhoto {
  readonly description: string | null
  readonly altText: string | null
  readonly tags: readonly string[]
}

/** What nobody said and nothing measured stays null. */
export interface TemplateWords {
  readonly name: string | null
  readonly description: string | null
  readonly attributes: string | null
  readonly prompt: string | null
}

const MAX_ATTRIBUTES = 12

/** @param said null: no model has described the picture @param colour measured */
export function sayProduct(said: SaidOfPhoto | null, kind: string | null, colour: string | null, profile: ProductProfile): TemplateWords {
  const tags = said?.tags ?? []
  const texts = [...tags, said?.altText ?? '', said?.description ?? '']
  const materials = findWords(profile.materials, texts)
  const kinds = findWords(profile.kinds, texts)
  const line = said ? (said.altText ?? firstSentence(said.description)) : null
  const type = kinds[0] ?? kind
  const attributes = [
    ...materials.map((material) => `material: ${material}`),
    ...(type ? [`type: ${type}`] : []),
    ...(said === null && type && colour ? [`colour: ${colour}`] : []),
    ...tags.filter((tag) => !materials.includes(tag) && !kinds.includes(tag)),
  ].slice(0, MAX_ATTRIBUTES)
  return {
    name: nameProduct(materials.length > 0 ? materials.slice(0, 2) : colour ? [colour] : [], type),
    description: line,
    attributes: attributes.length === 0 ? null : attributes.join(', '),
    prompt: line === null ? null : `Product photograph. ${said?.description ?? line}`,
  }
}

/** `Gold pearl earring`; without materials `Golden earring`, by its colour. */
function nameProduct(materials: readonly string[], kind: string | null): string | null {
  if (!kind) return null
  const name = [...materials, kind].join(' ')
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

function firstSentence(text: string | null): string | null {
  return text === null ? null : (/^.*?[.!?](?=\s|$)/su.exec(text)?.[0] ?? text)
}
