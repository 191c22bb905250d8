/** @file What the addresses of pages carry beside their path; a search has more (`lib/search-state.ts`). */

export interface PageState {
  /** of Create: which photos, `12,13` */
  readonly photos?: string | undefined
  /** of Products: which store */
  readonly store?: string | undefined
  /** of Places: what the map shows, latitude, longitude, zoom */
  readonly at?: string | undefined
  /** of Products: as a table */
  readonly view?: 'table' | undefined
}

/** What is not understood is left out. */
export function readPageState({ photos, store, view, at }: Record<string, unknown>): PageState {
  const text = String(photos ?? '')
  return {
    ...(/^\d+(,\d+)*$/.test(text) ? { photos: text } : {}),
    ...(typeof store === 'string' && store !== '' ? { store } : {}),
    ...(typeof at === 'string' && /^-?[\d.]+,-?[\d.]+,[\d.]+$/.test(at) ? { at } : {}),
    ...(view === 'table' ? { view } : {}),
  }
}
