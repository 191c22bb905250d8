/**
 * @file What is told a person, as a code with parameters: stored and sent so, written as a sentence where a person reads it (ADR 81).
 * The English catalogue is the type: a misspelt code or parameter fails the type check, and so does another language that lacks one.
 */
import { ENGLISH } from './english.ts'
import { createWriting, type Said, type Writing } from './writing.ts'

type Catalogue = typeof ENGLISH
export type MessageCode = keyof Catalogue
type ParamsOf<C extends MessageCode> = Parameters<Catalogue[C]> extends [infer P, ...unknown[]] ? P : undefined

export interface Message {
  readonly code: MessageCode
  readonly params: Readonly<Record<string, unknown>>
}

/** @example message('step.blocked', { step: 'prepare' }) */
export function message<C extends MessageCode>(code: C, ...[params]: ParamsOf<C> extends undefined ? [] : [params: ParamsOf<C>]): Message {
  return { code, params: params ?? {} }
}

/** A sentence without a code. */
export const textMessage = (text: string): Message => message('text', { text })

/** The languages there are. One more: a file beside `english.ts` with the same keys, and a line here. */
const LANGUAGES = { en: ENGLISH } as const satisfies Record<
  string,
  { readonly [C in MessageCode]: (...args: Parameters<Catalogue[C]>) => string }
>
type Language = keyof typeof LANGUAGES

/** What a newer version stored is told by its code and parameters: never an error, nothing hidden. */
function write(language: Language, { code, params }: Said): string {
  const catalogue: Readonly<Record<string, (params: never, writing: Writing) => string>> = LANGUAGES[language]
  const sentence = Object.hasOwn(catalogue, code) ? catalogue[code] : undefined
  return sentence?.(params as never, WRITINGS[language]) ?? [code, ...Object.values(params).map(String)].join(' ')
}

const WRITINGS: Readonly<Record<Language, Writing>> = { en: createWriting('en', (said) => write('en', said)) }

/** The sentences of several messages in one line; null without any. */
export const renderAll = (all: readonly Said[]): string | null => (all.length === 0 ? null : all.map((one) => render(one)).join(' · '))

/** The sentence of a message. */
export function render(said: Said): string
export function render(said: Said | null): string | null
export function render(said: Said | null): string | null {
  return said === null ? null : write('en', said)
}
