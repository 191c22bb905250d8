import { expect, it } from 'vitest'
import { DESCRIPTION_LIMITS as LIMITS } from '../../domain/description.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { checkCaption } from './check-caption.ts'
import { normaliseAnswer } from './normalise.ts'
import { parseAnswer } from './parse-answer.ts'

const VALUES: readonly unknown[] = [
  null,
  1,
  -1,
  1e308,
  '',
  ' ',
  'dog',
  '<b>x</b>',
  '\u0000\u202e',
  'http://a.b',
  [],
  {},
  [1, 'a', null],
  ['dog', 'Dog', {}],
  true,
  'x'.repeat(3000),
  '😀'.repeat(500),
  [{ name: 'a', confidence: 0.5 }],
  [{ name: 1 }],
  [{ name: 'b', confidence: '1' }],
  'animals',
  'Still Life',
]
const KEYS = [
  'primary_category',
  'tags',
  'description',
  'alt_text',
  'detected_objects',
  'scene_type',
  'suggested_cluster_name',
  'inspiration_prompt',
  '__proto__',
  'constructor',
]
const SCRAPS = [',', '}', '{', '"', '\\', '\n', '```', ']', '']

/** The same numbers every time. */
function makeRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return { next, pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T }
}

it('whatever a model answers, what would be stored is plain, bounded and without doubles', () => {
  const { next, pick } = makeRandom(7)
  const seen = { whole: 0, parts: 0, none: 0 }
  for (let round = 0; round < 1000; round++) {
    let text = JSON.stringify(Object.fromEntries(KEYS.filter(() => next() < 0.8).map((key) => [key, pick(VALUES)])))
    const at = Math.floor(next() * text.length)
    const damage = next()
    if (damage < 0.3) text = text.slice(0, at) + pick(SCRAPS) + text.slice(at)
    if (damage > 0.9) text = text.slice(0, at)
    if (next() < 0.2) text = `Sure:\n\`\`\`json\n${text}\n\`\`\` as you wished`
    const parsed = parseAnswer(text)
    seen[parsed.isWhole ? 'whole' : parsed.parts ? 'parts' : 'none']++
    const said = normaliseAnswer(parsed.isWhole ? parsed.answer : (parsed.parts ?? {}))
    expect(JSON.stringify(said), text).not.toMatch(/[\p{Cc}\u202e<>]|:\/\//u)
    expect(said.tags.length).toBeLessThanOrEqual(LIMITS.tags)
    expect(new Set(said.tags).size).toBe(said.tags.length)
    for (const tag of said.tags) expect(tag.length).toBeLessThanOrEqual(LIMITS.tagCharacters)
    expect(said.description?.length ?? 0).toBeLessThanOrEqual(LIMITS.descriptionCharacters)
    expect(said.altText?.length ?? 0).toBeLessThanOrEqual(LIMITS.altTextCharacters)
    for (const { confidence } of said.detectedObjects) expect(confidence === null || (confidence >= 0 && confidence <= 1)).toBe(true)
    try {
      expect(checkCaption(text).length).toBeLessThanOrEqual(LIMITS.descriptionCharacters)
    } catch (error) {
      expect(error).toBeInstanceOf(ProviderFailure)
    }
  }
  expect(Math.min(seen.parts, seen.none)).toBeGreaterThan(100) // the damage reaches both ways out
}, 120_000)
