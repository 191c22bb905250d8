/** @file The page `/settings/about`: which version this is, what it stores in, and what leaves the machine. */
import { useQuery } from '@tanstack/react-query'
import { healthQuery } from '../../../lib/library-queries.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'

export function AboutPage() {
  const { data, error } = useQuery(healthQuery)
  return (
    <Page title="About" width="text">
      {error && <Notice tone="danger">{error.message}</Notice>}
      {data && (
        <dl className="grid grid-cols-[8rem_1fr] gap-y-2 text-sm">
          <dt className="text-muted">Version</dt>
          <dd>{data.version}</dd>
          <dt className="text-muted">Database</dt>
          <dd>{data.database === 'pglite' ? 'Embedded' : 'PostgreSQL'}</dd>
          <dt className="text-muted">Privacy</dt>
          <dd>{data.leaves}</dd>
          <dt className="text-muted">For programs</dt>
          <dd>
            <a href="/docs" className="text-accent underline">
              API
            </a>
          </dd>
        </dl>
      )}
    </Page>
  )
}
