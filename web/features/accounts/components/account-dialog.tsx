/** @file Lets a person in: by a link, or, for the first account, with a password at once. */
import { type FormEvent, useState } from 'react'
import { MIN_PASSWORD, type Role } from '../../../../src/contract/accounts.ts'
import { callApi } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useAccess } from '../api/account-queries.ts'
import type { Invited } from './invitation-dialog.tsx'
import { ROLE_HINTS, ROLE_NAMES } from './roles.ts'

interface AccountDialogProps {
  readonly isFirst: boolean
  readonly onClose: () => void
  readonly onInvited: (invited: Invited) => void
}

export function AccountDialog({ isFirst, onClose, onInvited }: AccountDialogProps) {
  const [role, setRole] = useState<Role>(isFirst ? 'owner' : 'viewer')
  const add = useAccess(
    (body: { name: string; role: Role; password?: string }) => callApi('addAccount', { body }),
    (account) => {
      onClose()
      if (account.invitation) onInvited(account)
      // from now on this browser has a session of its own
      if (isFirst) location.reload()
    },
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    add.mutate({ name: String(form.get('name')), role, ...(isFirst && { password: String(form.get('password')) }) })
  }
  return (
    <Dialog title={isFirst ? 'Your account' : 'Add a person'} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Labelled label="Name, to sign in with">
          <input name="name" required maxLength={60} autoComplete="username" autoCapitalize="none" spellCheck={false} className={FIELD} />
        </Labelled>
        {isFirst ? (
          <Labelled label={`Password, at least ${MIN_PASSWORD} characters`}>
            <input name="password" type="password" autoComplete="new-password" required minLength={MIN_PASSWORD} className={FIELD} />
          </Labelled>
        ) : (
          <Labelled label="Role">
            <select aria-label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)} className={FIELD}>
              {Object.entries(ROLE_NAMES).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}: {ROLE_HINTS[value as Role]}
                </option>
              ))}
            </select>
          </Labelled>
        )}
        <p className="text-sm text-muted">
          {isFirst
            ? 'This account is the owner’s. From now on everybody signs in, also on this machine.'
            : 'You get a link for them, by which they choose a password.'}
        </p>
        {add.error && <Notice tone="danger">{add.error.message}</Notice>}
        <Button look="solid" type="submit" disabled={add.isPending} className="self-start">
          {isFirst ? 'Make the account' : 'Add'}
        </Button>
      </form>
    </Dialog>
  )
}
