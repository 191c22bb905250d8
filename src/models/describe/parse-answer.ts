/** @file Reads the JSON out of a model's answer: strictly, repaired once; says what is wrong in words the model can use. */
import { z } from 'zod'
import { DescriptionAnswer } from './answer.ts'

export type Parsed<T> =
  | { readonly isWhole: true; readonly answer: T }
  /** `error` is for the model and for the reason shown; `parts` are the fields that are right by themselves, null without any */
  | { readonly isWhole: false; readonly error: string; readonly parts: Partial<T> | null }

export const parseAnswer = (text: string): Parsed<DescriptionAnswer> => parseForm(text, DescriptionAnswer)

/** @param text at most some 100 kB; more is cut off by the request */
export function parseForm<S extends z.ZodRawShape>(text: string, form: z.ZodObject<S>): Parsed<z.infer<z.ZodObject<S>>> {
  const value = readJson(text)
  if (value === undefined) return { isWhole: false, error: 'the answer was not one whole JSON object', parts: null }
  const fields = asWritten(value)
  if (fields === null) return { isWhole: false, error: 'the answer was JSON, but not an object', parts: null }
  const parsed = form.safeParse(fields)
  if (parsed.success) return { isWhole: true, answer: parsed.data }
  return { isWhole: false, error: sayIssues(parsed.error), parts: keepRightFields(fields, form) }
}

/** A model that thinks aloud does so before its answer; one that never ended its thought has not answered. */
export function dropThoughts(text: string): string {
  return text.replace(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi, '').trim()
}

function readJson(text: string): unknown {
  const said = dropThoughts(text)
  const value = tryParse(said)
  if (value !== undefined) return value
  // prose before the object may hold braces of its own: “the {fields} are: {…}”
  for (let from = 0, tries = 0; tries < MAX_PIECES; tries++) {
    const piece = repair(said, from)
    if (piece === null) return undefined
    const repaired = tryParse(piece.text)
    if (repaired !== undefined) return repaired
    from = piece.end
  }
  return undefined
}
const MAX_PIECES = 5

function tryParse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value ?? undefined
  } catch {
    return undefined
  }
}

/**
 * Fences and prose around the object, commas before a closing bracket, a Python dictionary (`{'tags': None}`). What is cut off stays cut off:
 * completing it would be inventing.
 */
function repair(text: string, from: number): { readonly text: string; readonly end: number } | null {
  const start = text.indexOf('{', from)
  if (start < 0) return null
  let result = ''
  let depth = 0
  /** the quote that ends the string; null outside of strings */
  let quote: string | null = null
  /** a comma and the space after it, kept back until it is known that no bracket closes there */
  let comma = ''
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string
    if (quote !== null) {
      if (char === '\\') {
        const escaped = text[++at] ?? ''
        result += escaped === "'" ? escaped : char + escaped
      } else if (char === quote) {
        quote = null
        result += '"'
      }
      // a bare line end inside a string is the commonest fault of small models
      else result += char === '"' ? '\\"' : (BARE.get(char) ?? char)
      continue
    }
    if (char === ',' || (comma !== '' && /\s/.test(char))) {
      comma += char
      continue
    }
    const isClosing = char === '}' || char === ']'
    if (!isClosing) result += comma
    comma = ''
    const word = /[TFN]/.test(char) ? PYTHON_WORD.exec(text.slice(at, at + 6))?.[0] : undefined
    if (word !== undefined) {
      result += PYTHON_WORDS.get(word)
      at += word.length - 1
      continue
    }
    if (char === '"' || char === "'") {
      quote = char
      result += '"'
      continue
    }
    result += char
    if (char === '{' || char === '[') depth++
    if (isClosing && --depth === 0) return { text: result, end: at + 1 }
  }
  return null
}
const PYTHON_WORD = /^(True|False|None)(?!\w)/
const PYTHON_WORDS = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
])
const BARE = new Map([
  ['\n', '\\n'],
  ['\r', ''],
  ['\t', '\\t'],
])

/** The object's fields; one object wrapped in another (`{"picture_description": {…}}`) is taken out. Fixed words may be written `Still Life`. */
function asWritten(value: unknown): Record<string, unknown> | null {
  if (!isObject(value)) return null
  const inner = Object.values(value)
  const fields = inner.length === 1 && isObject(inner[0]) ? inner[0] : value
  return { ...fields, primary_category: asWord(fields.primary_category, 's'), scene_type: asWord(fields.scene_type, '') }
}

function asWord(value: unknown, plural: string): unknown {
  if (typeof value !== 'string') return value
  const word = value
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  if (plural === '' && ['', 'null', 'none', 'unknown'].includes(word)) return null
  const words: readonly string[] = DescriptionAnswer.shape.primary_category.options
  return plural !== '' && words.includes(`${word}${plural}`) ? `${word}${plural}` : word
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sayIssues(error: z.ZodError): string {
  const said = error.issues.slice(0, 6).map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`)
  return said.join('; ').slice(0, 600)
}

/** Each field by itself, each entry of a list by itself. */
function keepRightFields<S extends z.ZodRawShape>(
  fields: Record<string, unknown>,
  form: z.ZodObject<S>,
): Partial<z.infer<z.ZodObject<S>>> | null {
  const kept: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(form.shape)) {
    const parsed = (schema as unknown as z.ZodType).safeParse(fields[key])
    if (parsed.success && parsed.data !== null) kept[key] = parsed.data
    else if (schema instanceof z.ZodArray) kept[key] = keepRightEntries(fields[key], schema.element as z.ZodType)
  }
  const isEmpty = Object.values(kept).every((value) => Array.isArray(value) && value.length === 0)
  return isEmpty ? null : (kept as Partial<z.infer<z.ZodObject<S>>>)
}

const keepRightEntries = (list: unknown, entry: z.ZodType): unknown[] =>
  Array.isArray(list) ? list.slice(0, 100).filter((item) => entry.safeParse(item).success) : []
