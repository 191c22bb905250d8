/** @file Models that are not installed here but asked: what describes pictures and what makes scenes, and where they are chosen. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DescriberState } from '../../../../src/contract/words.ts'
import { callApi } from '../../../lib/api-client.ts'

export function OutsideModels() {
  const describe = useQuery({ queryKey: ['describe'], queryFn: ({ signal }) => callApi('getDescribe', { signal }) })
  const making = useQuery({ queryKey: ['generation-options'], queryFn: ({ signal }) => callApi('getGenerationOptions', { signal }) })
  if (!describe.data || !making.data) return null
  const { describer, available } = describe.data
  const named = (state: DescriberState) => available.flatMap((each) => (each.state === state ? [each.name] : [])).join(', ')
  return (
    <section aria-label="Models that are asked" className="flex flex-col gap-3">
      <div>
        <h2 className="text-base font-semibold">Models that are asked</h2>
        <p className="text-sm text-muted">They run on servers, yours or others. Nothing is sent while they are off.</p>
      </div>
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface">
        <Row title="Descriptions" isOn={describer !== null} says={describer ?? 'Off'}>
          {named('ready') && `Ready: ${named('ready')}. `}
          {named('not ready') && `Asked, but not ready: ${named('not ready')}. `}
          {named('not asked') && `Not asked yet whether they are there: ${named('not asked')}. `}
          <Link to="/settings/descriptions" className="text-accent hover:underline">
            Choose one
          </Link>
        </Row>
        <Row title="Scenes around products" isOn={making.data.maker !== null} says={making.data.maker ?? 'Off'}>
          Set by FOTOTECA_GENERATE.
        </Row>
      </ul>
    </section>
  )
}

interface RowProps {
  readonly title: string
  readonly isOn: boolean
  readonly says: string
  readonly children: ReactNode
}

function Row({ title, isOn, says, children }: RowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className="text-sm font-medium">{title}</p>
        <p className="text-xs text-muted wrap-anywhere">{children}</p>
      </div>
      <span
        className={`rounded-full px-2.5 py-0.5 text-xs font-medium wrap-anywhere ${isOn ? 'bg-accent text-on-accent' : 'bg-raised text-muted'}`}
      >
        {says}
      </span>
    </li>
  )
}
