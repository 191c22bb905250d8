/** @file The link by which a person chooses a password: shown this once. */
import type { z } from 'zod'
import type { AccountReport, Invitation } from '../../../../src/contract/accounts.ts'
import { formatMoment } from '../../../lib/format.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { ShownOnce } from './shown-once.tsx'

export type Invited = AccountReport & { readonly invitation: z.infer<typeof Invitation> | null }

export function InvitationDialog({ invited, onClose }: { readonly invited: Invited; readonly onClose: () => void }) {
  const { name, invitation } = invited
  if (invitation === null) return null
  return (
    <Dialog title={`Invitation for ${name}`} onClose={onClose}>
      <p className="text-sm text-muted">
        Send this link to <bdi>{name}</bdi>. It works once, until {formatMoment(invitation.expires_at)}, and is not shown again.
      </p>
      <ShownOnce label="Link" text={new URL(invitation.path, location.href).href} />
    </Dialog>
  )
}
