/** @file The addresses the page itself understands. The server gives the page there to browsers; the page's router answers them. */
export const PAGES = [
  '/',
  '/photos',
  '/photo/:id',
  '/search',
  '/failures',
  '/models',
  '/categories',
  '/products',
  '/albums',
  '/albums/:id',
  '/surprise',
  '/clusters',
  '/changes',
  '/products/generate',
  '/describe',
  '/compare',
] as const
