/** @file Which methods an address answers, so that the wrong one is told apart from a wrong address (405 with `Allow`, RFC 9110 §15.5.6). */
import type { FastifyInstance } from 'fastify'

interface KnownRoute {
  readonly parts: readonly string[]
  readonly methods: readonly string[]
}

/** Call before any route is declared. @returns methods of the routes a path matches, in order; none where nothing is there */
export function addAllowedMethods(app: FastifyInstance): (path: string) => string[] {
  const routes: KnownRoute[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ parts: url.split('/'), methods: [method].flat() })
  })
  return (path) => {
    const asked = path.split('/')
    const matching = routes.filter(({ parts }) => matches(parts, asked))
    return [...new Set(matching.flatMap(({ methods }) => methods))].sort()
  }
}

/** `:name` stands for one part that is not empty, a last `*` for all the rest. */
function matches(parts: readonly string[], asked: readonly string[]): boolean {
  const isOpenEnded = parts.at(-1) === '*'
  if (isOpenEnded ? asked.length < parts.length : asked.length !== parts.length) return false
  return parts.every((part, index) => part === '*' || part === asked[index] || (part.startsWith(':') && asked[index] !== ''))
}
