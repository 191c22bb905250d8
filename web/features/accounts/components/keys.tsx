/** @file API keys of programs: what each may do, when it was used, and ending it. */
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { KeyReport, KeyScope, Me } from '../../../../src/contract/accounts.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatMoment } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { keysQuery, useAccess } from '../api/account-queries.ts'
import { SCOPE_NAMES } from './roles.ts'
import { ROWS, Section } from './section.tsx'
import { ShownOnce } from './shown-once.tsx'

export function Keys({ me }: { readonly me: z.infer<typeof Me> }) {
  const { data, error } = useQuery(keysQuery)
  const [isAdding, setAdding] = useState(false)
  return (
    <Section
      title="API keys"
      action={
        <Button onClick={() => setAdding(true)}>
          <KeyRound className="size-4" aria-hidden />
          New key
        </Button>
      }
    >
      {data?.keys.length === 0 && (
        <p className="text-sm text-muted">For programs: a key for each, so that one can be ended without the others.</p>
      )}
      {error && <Notice tone="danger">{error.message}</Notice>}
      <ul className={ROWS}>
        {data?.keys.map((key) => (
          <Key key={key.id} apiKey={key} isOwn={key.account === (me.account?.name ?? null)} />
        ))}
      </ul>
      {isAdding && <KeyDialog me={me} onClose={() => setAdding(false)} />}
    </Section>
  )
}

function Key({ apiKey, isOwn }: { readonly apiKey: KeyReport; readonly isOwn: boolean }) {
  const { id, name, account, scopes, last_used_at, expires_at } = apiKey
  const end = useAccess(() => callApi('endKey', { params: { id } }))
  const facts = [
    isOwn ? null : (account ?? 'token'),
    scopes.map((scope) => SCOPE_NAMES[scope]).join(', '),
    last_used_at === null ? 'never used' : `last used ${formatMoment(last_used_at)}`,
    expires_at === null ? null : `until ${formatMoment(expires_at)}`,
  ]
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3">
      <div className="min-w-40 flex-1">
        <p className="text-sm font-medium wrap-anywhere">
          <bdi>{name}</bdi>
        </p>
        <p className="text-xs text-muted wrap-anywhere">{facts.filter((fact) => fact !== null).join(' · ')}</p>
        {end.error && <Notice tone="danger">{end.error.message}</Notice>}
      </div>
      <Button disabled={end.isPending} onClick={() => end.mutate(undefined)} aria-label={`End the key ${name}`}>
        End
      </Button>
    </li>
  )
}

const SCOPES = Object.keys(SCOPE_NAMES) as KeyScope[]

function KeyDialog({ me, onClose }: { readonly me: z.infer<typeof Me>; readonly onClose: () => void }) {
  const [key, setKey] = useState<string | null>(null)
  const [scopes, setScopes] = useState<readonly KeyScope[]>(['see'])
  const make = useAccess(
    (body: { name: string; scopes: KeyScope[]; days: number | null }) => callApi('makeKey', { body }),
    (made) => setKey(made.key),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const days = form.get('days')
    make.mutate({ name: String(form.get('name')), scopes: [...scopes], days: days === '' || days === null ? null : Number(days) })
  }
  if (key !== null)
    return (
      <Dialog title="New key" onClose={onClose}>
        <p className="text-sm text-muted">Copy it now: it is not shown again. Programs send it as “Authorization: Bearer …”.</p>
        <ShownOnce label="Key" text={key} />
      </Dialog>
    )
  return (
    <Dialog title="New key" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Labelled label="What it is for">
          <input name="name" required maxLength={100} placeholder="Photo frame in the kitchen" className={FIELD} />
        </Labelled>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-[13px] text-muted">What it may do</legend>
          {SCOPES.filter((scope) => scope === 'described' || me.may.includes(scope)).map((scope) => (
            <label key={scope} className="flex min-h-8 items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) => setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
                className="size-4"
              />
              {SCOPE_NAMES[scope]}
            </label>
          ))}
        </fieldset>
        <Labelled label="Days it works (empty: no end)">
          <input name="days" type="number" min={1} max={3650} step={1} className={FIELD} />
        </Labelled>
        {make.error && <Notice tone="danger">{make.error.message}</Notice>}
        <Button look="solid" type="submit" disabled={make.isPending || scopes.length === 0} className="self-start">
          Make the key
        </Button>
      </form>
    </Dialog>
  )
}
