/** @file The page a browser sees without a token. No script; its one style is allowed by its hash. */
import { createHash } from 'node:crypto'

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;display:grid;min-height:100vh;margin:0;place-items:center}
form{display:grid;gap:.75rem;width:min(22rem,90vw)}input,button{font:inherit;padding:.6rem .75rem;border-radius:.5rem;border:1px solid #8888}
button{background:#2563eb;color:#fff;border:0;cursor:pointer}p{margin:0}.wrong{color:#dc2626}`

export const LOGIN_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** The same address again, asked for by a page of this server. */
export const RELOAD_PAGE =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>fototeca</title></head></html>'

/** @param problem why the last try did not go in, in words */
export function renderLoginPage(next: string, problem?: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>fototeca</title><style>${STYLE}</style></head>
<body><form method="post" action="/login"><h1>fototeca</h1>
${problem === undefined ? '<p>Enter the access token of this library.</p>' : `<p class="wrong" role="alert">${escapeHtml(problem)}</p>`}
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="token">Access token</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Sign in</button></form></body></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
