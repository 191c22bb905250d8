/** @file Who is signed in here, and their password. */
import { type FormEvent, useState } from 'react'
import { type AccountReport, MIN_PASSWORD } from '../../../../src/contract/accounts.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useAccess } from '../api/account-queries.ts'
import { ROLE_NAMES } from './roles.ts'
import { Section } from './section.tsx'

export function OwnAccount({ account }: { readonly account: AccountReport }) {
  const [isChanging, setChanging] = useState(false)
  return (
    <Section
      title="You"
      action={
        <Button onClick={() => setChanging(!isChanging)} aria-expanded={isChanging}>
          Change password
        </Button>
      }
    >
      <p className="text-sm">
        <bdi className="font-medium">{account.name}</bdi>, {ROLE_NAMES[account.role].toLowerCase()}
      </p>
      {isChanging && <PasswordForm onDone={() => setChanging(false)} />}
    </Section>
  )
}

function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const change = useAccess(
    (body: { old: string; password: string }) => callApi('changePassword', { body }),
    () => {
      showToast({ text: 'Your password was changed. Your other sessions ended.' })
      onDone()
    },
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    change.mutate({ old: String(form.get('old')), password: String(form.get('password')) })
  }
  return (
    <form onSubmit={submit} className="flex max-w-sm flex-col gap-3">
      <Labelled label="Old password">
        {/* biome-ignore lint/a11y/noAutofocus: the person just opened this form */}
        <input autoFocus name="old" type="password" autoComplete="current-password" required className={FIELD} />
      </Labelled>
      <Labelled label={`New password, at least ${MIN_PASSWORD} characters`}>
        <input name="password" type="password" autoComplete="new-password" required minLength={MIN_PASSWORD} className={FIELD} />
      </Labelled>
      {change.error && <Notice tone="danger">{change.error.message}</Notice>}
      <Button look="solid" type="submit" disabled={change.isPending} className="self-start">
        Change
      </Button>
    </form>
  )
}
