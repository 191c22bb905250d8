/** @file The pages a browser sees before somebody is signed in. No script; their one style is allowed by its hash. */
import { createHash } from 'node:crypto'
import { MAX_PASSWORD, MIN_PASSWORD } from '../../contract/accounts.ts'

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;display:grid;min-height:100vh;margin:0;place-items:center}
main{display:grid;gap:1.5rem;width:min(22rem,90vw)}form{display:grid;gap:.75rem}h1,p{margin:0}summary{cursor:pointer}details form{margin-top:.75rem}
input,button{font:inherit;padding:.6rem .75rem;border-radius:.5rem;border:1px solid #8888;min-height:2.75rem;box-sizing:border-box}
button{background:#0f6b5c;color:#fff;border:0;cursor:pointer}.wrong{color:light-dark(#b91c1c,#f87171)}`

export const LOGIN_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** The same address again, asked for by a page of this server. */
export const RELOAD_PAGE =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>fototeca</title></head></html>'

interface LoginPage {
  /** the path to go on to */
  readonly next: string
  readonly hasAccounts: boolean
  readonly hasToken: boolean
  /** why the last try did not go in, in words */
  readonly problem?: string | undefined
  /** as it was given the last time */
  readonly name?: string | undefined
}

export function renderLoginPage({ next, hasAccounts, hasToken, problem, name = '' }: LoginPage): string {
  const hidden = `<input type="hidden" name="next" value="${escapeHtml(next)}">`
  const byToken = `<form method="post" action="/login">${hidden}
<label for="token">Access token</label><input id="token" name="token" type="password" autocomplete="current-password" required${hasAccounts ? '' : ' autofocus'}>
<button>Sign in</button></form>`
  const byName = `<form method="post" action="/login">${hidden}
<label for="name">Name</label><input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${escapeHtml(name)}"${name === '' ? ' autofocus' : ''}>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required${name === '' ? '' : ' autofocus'}>
<button>Sign in</button></form>`
  return renderPage(
    sayProblem(problem) || (hasAccounts ? '<p>Sign in to see this library.</p>' : '<p>Enter the access token of this library.</p>'),
    hasAccounts ? (hasToken ? `${byName}<details><summary>Use the access token</summary>${byToken}</details>` : byName) : byToken,
  )
}

/** @param name null: the invitation does not hold */
export function renderJoinPage(code: string, name: string | null, problem?: string): string {
  if (name === null)
    return renderPage('<p class="wrong" role="alert">This invitation was used already, or is over. Ask for a new one.</p>', '')
  return renderPage(
    sayProblem(problem) || `<p>Welcome, ${escapeHtml(name)}. Choose a password of at least ${MIN_PASSWORD} characters.</p>`,
    `<form method="post" action="/join"><input type="hidden" name="code" value="${escapeHtml(code)}">
<input type="hidden" name="username" autocomplete="username" value="${escapeHtml(name)}">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="${MIN_PASSWORD}" maxlength="${MAX_PASSWORD}" required autofocus>
<button>Sign in</button></form>`,
  )
}

const sayProblem = (problem: string | undefined) =>
  problem === undefined ? '' : `<p class="wrong" role="alert">${escapeHtml(problem)}</p>`

const renderPage = (lead: string, forms: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>fototeca</title><style>${STYLE}</style></head>
<body><main><h1>fototeca</h1>${lead}${forms}</main></body></html>`

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
