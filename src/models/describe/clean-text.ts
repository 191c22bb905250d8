/** @file Makes plain, bounded text of what a model wrote: what is stored and shown can carry no markup, address or control character. */

/** Control, private and invisible characters, and those that turn the reading direction. The joiners of Persian and emoji stay. */
const INVISIBLE = /[\p{Cc}\p{Co}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]+/gu
const TAG = /<[/!]?[a-z][^<>]{0,2000}>/gi
/** with a scheme, or `www.`; and e-mail addresses */
const ADDRESS =
  /(?:\b[a-z][a-z0-9+.-]{1,20}:\/\/|\bwww\.)[^\s<>"'”’)\]]*|\b(?:javascript|data|mailto|tel):\S+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+|:\/\/\S*/giu
const MARKDOWN_LINK = /!?\[([^\][]{0,500})\]\((?:[^()]|\([^()]{0,200}\)){0,500}\)/g
const MARKDOWN_MARKS = /^[ \t]*(?:#{1,6}|[-*•]|>)[ \t]+|[*_`~]{2,}|`/gm

/** Joins lines and spaces, removes markup and addresses, cuts at a word's end. Empty text becomes null. */
export function cleanText(text: string, maxCharacters: number): string | null {
  // a very long text is cut first, so that no pattern runs over megabytes
  const plain = text
    .slice(0, maxCharacters * 4 + 1000)
    .normalize('NFC')
    .replace(MARKDOWN_LINK, '$1')
    .replace(TAG, ' ')
    .replace(/[<>]/g, ' ')
    .replace(ADDRESS, ' ')
    .replace(MARKDOWN_MARKS, '')
    .replace(/[\t\r\n]+/g, ' ')
    .replace(INVISIBLE, '')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.;:!?])/g, '$1')
    .trim()
  return /[\p{L}\p{N}]/u.test(plain) ? cut(plain, maxCharacters) : null
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const head = text.slice(0, max - 1)
  const end = head.lastIndexOf(' ')
  return `${(end > max / 2 ? head.slice(0, end) : head).replace(/[\s,;:–-]+$|[\uD800-\uDBFF]$/u, '')}…`
}

/** A tag or an object's name: lower case, without outer punctuation; `_` is a space. Null for what is no name. */
export function cleanName(text: string, maxCharacters: number): string | null {
  const plain = cleanText(text.replaceAll('_', ' '), maxCharacters * 2)
  const name = plain
    ?.toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}+#]+$/gu, '')
    .trim()
  // a sentence is no name; cutting it would make a wrong one
  return name === undefined || name === '' || name.length > maxCharacters || name.split(' ').length > 5 ? null : name
}
