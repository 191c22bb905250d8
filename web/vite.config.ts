/** @file How the page is built: React, Tailwind, and the route table of the contract without its zod. */
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { ROUTES } from '../src/contract/routes.ts'
import { type FilterEntry, SEARCH_FILTERS } from '../src/contract/search-filters.ts'

/**
 * `virtual:contract` carries method and path of each route and what the page needs to know of each filter. The schemas stay types in the
 * browser: zod would add 30 kB (gzip) and its `new Function` probe trips a strict content security policy.
 */
function contractTable(): Plugin {
  const id = 'virtual:contract'
  return {
    name: 'fototeca-contract-table',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined
      const routes = Object.fromEntries(Object.entries(ROUTES).map(([name, { method, path }]) => [name, { method, path }]))
      const filters = Object.fromEntries(
        Object.entries<FilterEntry>(SEARCH_FILTERS).map(([key, { label, control, typed }]) => [key, { label, control, typed }]),
      )
      return `export const routes = ${JSON.stringify(routes)}\nexport const filters = ${JSON.stringify(filters)}\n`
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), contractTable()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // the content security policy allows no data: scripts or styles, and small files are cheap on the same host
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/health': 'http://127.0.0.1:8000' } },
})
