/** @file How deep JSON may be nested: what walks over a value calls itself for each level, and a call stack has an end. */

/** Searches, the deepest bodies we take, have five levels. */
export const MAX_JSON_DEPTH = 100

/** Reads the text only, so it can be asked before parsing. Brackets in strings do not count. */
export function isNestedTooDeeply(json: string, max = MAX_JSON_DEPTH): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (isInString && character === '\\') at += 1
    else if (character === '"') isInString = !isInString
    else if (isInString) continue
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
    if (depth > max) return true
  }
  return false
}
