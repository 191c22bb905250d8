/** @file Everybody who may sign in: their role, an invitation, and keeping them out. */
import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { AccountReport, Me, Role } from '../../../../src/contract/accounts.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatMoment } from '../../../lib/format.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { accountsQuery, useAccess } from '../api/account-queries.ts'
import { AccountDialog } from './account-dialog.tsx'
import { InvitationDialog, type Invited } from './invitation-dialog.tsx'
import { ROLE_HINTS, ROLE_NAMES } from './roles.ts'
import { ROWS, Section } from './section.tsx'

export function People({ me }: { readonly me: z.infer<typeof Me> }) {
  const { data, error } = useQuery(accountsQuery)
  const [isAdding, setAdding] = useState(false)
  const [invited, setInvited] = useState<Invited | null>(null)
  const accounts = data?.accounts
  return (
    <Section
      title="People"
      action={
        <Button onClick={() => setAdding(true)}>
          <UserPlus className="size-4" aria-hidden />
          {accounts?.length === 0 ? 'Make the first account' : 'Add a person'}
        </Button>
      }
    >
      {accounts?.length === 0 && (
        <p className="text-sm text-muted">
          Nobody has to sign in here. With the first account that changes: it is the owner’s, and from then on everybody signs in.
        </p>
      )}
      {error && <Notice tone="danger">{error.message}</Notice>}
      <ul className={ROWS}>
        {accounts?.map((account) => (
          <Person key={account.id} account={account} isMe={account.id === me.account?.id} onInvited={setInvited} />
        ))}
      </ul>
      {isAdding && <AccountDialog isFirst={accounts?.length === 0} onClose={() => setAdding(false)} onInvited={setInvited} />}
      {invited && <InvitationDialog invited={invited} onClose={() => setInvited(null)} />}
    </Section>
  )
}

interface PersonProps {
  readonly account: AccountReport
  readonly isMe: boolean
  readonly onInvited: (invited: Invited) => void
}

const STATES = { active: '', invited: 'invited, no password yet', disabled: 'cannot sign in' } as const

function Person({ account, isMe, onInvited }: PersonProps) {
  const { id, name, role, state, last_seen_at } = account
  const params = { id }
  const complain = (error: Error) => showToast({ text: error.message, tone: 'danger' })
  const change = useAccess((body: { role?: Role; disabled?: boolean }) => callApi('changeAccount', { params, body }))
  const invite = useAccess(() => callApi('inviteAccount', { params }), onInvited)
  const remove = useAccess(
    () => callApi('removeAccount', { params }),
    () => showToast({ text: `${name} was removed.` }),
  )
  const [isRemoving, setRemoving] = useState(false)
  const isBusy = change.isPending || invite.isPending || remove.isPending
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-40 flex-1">
        <p className="text-sm font-medium wrap-anywhere">
          <bdi>{name}</bdi>
          {isMe && <span className="font-normal text-muted"> (you)</span>}
        </p>
        <p className="text-xs text-muted">
          {[STATES[state], last_seen_at === null ? 'never signed in' : `last seen ${formatMoment(last_seen_at)}`]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <select
        aria-label={`Role of ${name}`}
        title={ROLE_HINTS[role]}
        value={role}
        disabled={isBusy}
        onChange={(event) => change.mutate({ role: event.target.value as Role }, { onError: complain })}
        className={`${FIELD} w-auto! py-1.5!`}
      >
        {Object.entries(ROLE_NAMES).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Button disabled={isBusy} onClick={() => invite.mutate(undefined, { onError: complain })} aria-label={`Invitation for ${name}`}>
        Invitation
      </Button>
      {!isMe && (
        <>
          <Button
            disabled={isBusy}
            onClick={() => change.mutate({ disabled: state !== 'disabled' }, { onError: complain })}
            aria-label={`${state === 'disabled' ? 'Let in' : 'Keep out'}: ${name}`}
          >
            {state === 'disabled' ? 'Let in' : 'Keep out'}
          </Button>
          <Button look="plain" disabled={isBusy} onClick={() => setRemoving(true)} aria-label={`Remove ${name}`} className="text-danger!">
            Remove
          </Button>
        </>
      )}
      {isRemoving && (
        <Dialog title={`Remove ${name}?`} onClose={() => setRemoving(false)}>
          <p className="text-sm text-muted">Their sessions and API keys end now. Photos and history stay.</p>
          <Button look="solid" disabled={isBusy} onClick={() => remove.mutate(undefined, { onError: complain })} className="self-start">
            Remove
          </Button>
        </Dialog>
      )}
    </li>
  )
}
