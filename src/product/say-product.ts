/** @file System D’s words of a product picture, from what was said of the photo and what was measured. What nobody said stays null. */
import { findWords, MATERIALS, PRODUCT_KINDS } from './vocabulary.ts'

export interface SaidOfPhoto {
  readonly description: string | null
  readonly altText: string | null
  readonly tags: readonly string[]
}

export interface ProductWords {
  readonly generated_name: string | null
  readonly description: string | null
  readonly attributes: string | null
  readonly prompt: string | null
}

const NOTHING: ProductWords = { generated_name: null, description: null, attributes: null, prompt: null }
const MAX_ATTRIBUTES = 12

/** @param said null: no model has described the picture */
export function sayProduct(said: SaidOfPhoto | null, kind: string | null): ProductWords {
  if (said === null) return NOTHING
  const texts = [...said.tags, said.altText ?? '', said.description ?? '']
  const materials = findWords(MATERIALS, texts)
  const kinds = findWords(PRODUCT_KINDS, texts)
  const line = said.altText ?? firstSentence(said.description)
  const attributes = [
    ...materials.map((material) => `material: ${material}`),
    ...kinds.slice(0, 1).map((one) => `type: ${one}`),
    ...said.tags.filter((tag) => !materials.includes(tag) && !kinds.includes(tag)),
  ].slice(0, MAX_ATTRIBUTES)
  return {
    generated_name: nameProduct(materials, kinds[0] ?? kind),
    description: line,
    attributes: attributes.length === 0 ? null : attributes.join(', '),
    prompt: line === null ? null : `Product photograph. ${said.description ?? line}`,
  }
}

/** Of materials that were seen and the kind of thing: `Gold pearl earring`. Without a material there is nothing to tell it by. */
function nameProduct(materials: readonly string[], kind: string | null | undefined): string | null {
  if (materials.length === 0 || !kind) return null
  const name = [...materials.slice(0, 2), kind].join(' ')
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

function firstSentence(text: string | null): string | null {
  return text === null ? null : (/^.*?[.!?](?=\s|$)/su.exec(text)?.[0] ?? text)
}
