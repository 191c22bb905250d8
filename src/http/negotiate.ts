/** @file The one rule by which `/search`, `/photo/{id}` and `/photos` give a page to browsers and JSON to clients. */

/** HTML only if `Accept` names `text/html` at top weight; no header and wildcards mean JSON. `?format=` wins. */
export function wantsHtml(accept: string | undefined, format?: unknown): boolean {
  if (format === 'html') return true
  if (format === 'json' || accept === undefined) return false
  let html = 0
  let top = 0
  for (const item of accept.split(',')) {
    const [type = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
    const weight = readWeight(parameters)
    top = Math.max(top, weight)
    if (type === 'text/html') html = Math.max(html, weight)
  }
  return html > 0 && html >= top
}

function readWeight(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  if (q === undefined) return 1
  const weight = Number(q.slice(2))
  return Number.isFinite(weight) ? Math.min(1, Math.max(0, weight)) : 0
}
