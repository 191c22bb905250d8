/** @file Where a picture could be sold as it is: each marketplace with its rules, what was measured and what is wanted. */
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { StatusMark } from './status-mark.tsx'

const countToLookAt = (checks: ProductPicture['readiness'][number]['checks']) => checks.filter(({ status }) => status === 'look').length

export function ReadinessList({ picture }: { readonly picture: ProductPicture }) {
  return (
    <div className="flex flex-col gap-2">
      {picture.readiness.map(({ profile, title, status, is_confirmed, checks }) => (
        <details key={profile} className="rounded-xl border border-line px-3.5 py-2.5">
          <summary className="flex cursor-pointer items-center justify-between gap-3 text-sm font-medium">
            {title}
            <span className="flex flex-wrap items-center justify-end gap-x-2">
              {countToLookAt(checks) > 0 && <span className="text-xs font-normal text-muted">{countToLookAt(checks)} to look at</span>}
              <StatusMark status={status} withWord />
            </span>
          </summary>
          <ul className="mt-2 flex flex-col gap-1.5 text-sm">
            {checks.map((check) => (
              <li key={check.rule} className="flex gap-2">
                <StatusMark status={check.status} />
                <span className="min-w-0 wrap-anywhere">
                  <span className="inline-block first-letter:uppercase">{check.rule}</span>: {check.measured}
                  {check.status !== 'pass' && <span className="text-muted"> (wanted: {check.wants})</span>}
                </span>
              </li>
            ))}
          </ul>
          {!is_confirmed && <p className="mt-2 text-xs text-muted">Read at a third party; ask the marketplace before you rely on it.</p>}
        </details>
      ))}
    </div>
  )
}
