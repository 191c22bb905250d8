/** @file Which photos the address of the page of product pictures names. */

/** `?photos=12,13`; what is no id is left out */
export function readGenerateState(search: Record<string, unknown>): { readonly photos?: string | undefined } {
  const text = String(search.photos ?? '')
  return /^\d+(,\d+)*$/.test(text) ? { photos: text } : {}
}
