/** @file The page `/settings/accounts`: your password, the people who may sign in, and API keys of programs. */
import { useQuery } from '@tanstack/react-query'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { meQuery } from '../api/account-queries.ts'
import { Keys } from './keys.tsx'
import { OwnAccount } from './own-account.tsx'
import { People } from './people.tsx'

export function AccountsPage() {
  const { data: me, error } = useQuery(meQuery)
  return (
    <Page title="Accounts" about="Who may sign in, and what each may do." width="text">
      {error && <Notice tone="danger">{error.message}</Notice>}
      {me && (
        <div className="flex flex-col gap-8">
          {me.account && <OwnAccount account={me.account} />}
          {me.may.includes('own') && <People me={me} />}
          {me.kind !== 'open' && <Keys me={me} />}
        </div>
      )}
    </Page>
  )
}
