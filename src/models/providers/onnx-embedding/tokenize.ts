/** @file Text → token ids as a text tower was trained: cleaning, a Hugging Face `tokenizer.json`, special tokens, cutting, padding. */
import { Tokenizer } from '@huggingface/tokenizers'

/** Rules that the tokenizer file itself does not state. Structured-cloneable. */
export interface TextRules {
  /**
   * `canonicalize` as OpenCLIP does for SigLIP: underscores to spaces, punctuation out, lower case, spaces folded;
   * `lower` as SigLIP needs where its tokenizer file does not do it (idempotent where it does).
   */
  readonly clean: 'none' | 'lower' | 'canonicalize'
  readonly maxTokens: number
  /** fixed length to fill with the pad token; null: as long as the text */
  readonly padTo: number | null
  readonly padToken: string | null
}

export interface TokenIds {
  readonly ids: number[]
  /** 1 for text, 0 for padding */
  readonly mask: number[]
}

interface TokenizerFile {
  model?: { type?: string; unk_token?: string | null }
  padding?: { pad_id?: number; pad_token?: string } | null
  [key: string]: unknown
}
interface TokenizerConfig {
  add_bos_token?: boolean
  add_eos_token?: boolean
  bos_token?: unknown
  eos_token?: unknown
  pad_token?: unknown
  unk_token?: unknown
  [key: string]: unknown
}

/**
 * @param file parsed `tokenizer.json`; @param config parsed `tokenizer_config.json`, `{}` where there is none
 * @returns a function from text to ids of exactly `padTo` (or at most `maxTokens`) tokens
 */
export function createTokenizer(file: TokenizerFile, config: TokenizerConfig, rules: TextRules): (text: string) => TokenIds {
  // the library wants all five parts named and takes a word-level model's unknown token from the config only
  const unknown = tokenText(config.unk_token) ?? file.model?.unk_token ?? undefined
  const tokenizer = new Tokenizer(
    { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [], ...file },
    { ...config, ...(unknown === undefined ? {} : { unk_token: unknown }) },
  )
  const idOf = (token: unknown) => {
    const text = tokenText(token)
    return text === null ? undefined : tokenizer.token_to_id(text)
  }
  const bos = config.add_bos_token === false ? idOf(config.bos_token) : undefined
  const eos = config.add_eos_token === true ? idOf(config.eos_token) : undefined
  const padId = (rules.padToken === null ? undefined : tokenizer.token_to_id(rules.padToken)) ?? file.padding?.pad_id ?? 0
  const encode = (text: string, withSpecial: boolean) =>
    // a word a vocabulary without unknown token does not know has no id: it says nothing, so it is left out
    (tokenizer.encode(text, { add_special_tokens: withSpecial }).ids as (number | undefined)[]).filter((id) => id !== undefined)

  return (raw) => {
    const text = cleanText(raw, rules.clean)
    const bare = encode(text, false)
    const full = encode(text, true)
    const { before, after } = specialTokens(bare, full)
    // transformers rebuilds the template from these two flags; the file alone may not have been saved with them
    if (bos !== undefined && before.at(0) === bos) before.shift()
    if (eos !== undefined && (after.at(-1) ?? bare.at(-1)) !== eos) after.push(eos)
    const length = rules.padTo ?? rules.maxTokens
    const room = Math.max(0, length - before.length - after.length)
    const ids = [...before, ...bare.slice(0, room), ...after].slice(0, length)
    if (ids.length === 0) ids.push(padId) // a text of unknown words only must still be a valid input
    const mask = ids.map(() => 1)
    while (rules.padTo !== null && ids.length < rules.padTo) {
      ids.push(padId)
      mask.push(0)
    }
    return { ids, mask }
  }
}

/** What the template puts around the text: the longest place where the bare ids lie inside the full ones. */
function specialTokens(bare: readonly number[], full: readonly number[]): { before: number[]; after: number[] } {
  const extra = full.length - bare.length
  for (let start = 0; start <= extra; start++) {
    if (bare.every((id, index) => full[start + index] === id))
      return { before: full.slice(0, start), after: full.slice(start + bare.length) }
  }
  return { before: [], after: [] }
}

export function cleanText(text: string, how: TextRules['clean']): string {
  if (how === 'none') return text
  if (how === 'lower') return text.toLowerCase()
  return (
    text
      .replaceAll('_', ' ')
      // the ASCII punctuation of Python's string.punctuation
      .replace(/[!-/:-@[-`{-~]/g, '')
      .toLowerCase()
      .replace(/\s+/g, ' ')
      .trim()
  )
}

/** A special token is written as text or as `{ content }`. */
export function tokenText(token: unknown): string | null {
  if (typeof token === 'string') return token
  if (typeof token === 'object' && token !== null && 'content' in token && typeof token.content === 'string') return token.content
  return null
}
