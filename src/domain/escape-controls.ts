/**
 * @file Names come from disks and from strangers. Characters in them that do not show but act (line ends, ESC, C1 controls, marks that turn the
 * direction of writing) are shown as escapes where a person reads, so that a name can neither command a terminal nor pose as another.
 */

/** Controls, direction marks and overrides, invisible line and paragraph ends. Not the joiners: scripts and emoji need them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones to show
const ACTING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** One line in which every character shows: `a\u{202e}gpj.exe`. */
export function escapeControls(text: string): string {
  return text.replace(ACTING, (character) => SHORT[character] ?? `\\u{${character.charCodeAt(0).toString(16)}}`)
}

/** The same for text of several lines that are meant. */
export const escapeControlsInLines = (text: string): string => text.split('\n').map(escapeControls).join('\n')

/** JSON in its own escapes: a program reads the same value, and a terminal obeys none of it. The line end of the document stays. */
export function escapeControlsInJson(json: string): string {
  return json.replace(ACTING, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
