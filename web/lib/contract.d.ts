/** @file The shape of `virtual:contract` (see vite.config.ts): the contract’s tables without their schemas. */
declare module 'virtual:contract' {
  type Table = typeof import('../../src/contract/routes.ts').ROUTES
  type Filters = typeof import('../../src/contract/search-filters.ts').SEARCH_FILTERS
  type Entry = import('../../src/contract/search-filters.ts').FilterEntry
  export const routes: { readonly [N in keyof Table]: Pick<Table[N], 'method' | 'path'> }
  export const filters: { readonly [K in keyof Filters]: Pick<Entry, 'label' | 'control' | 'typed'> }
}
