/** @file The page `/settings/descriptions/compare`: two describers over the same photos, side by side, and the choice of one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ComparisonReport } from '../../../../src/contract/describe.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatPercent } from '../../../lib/format.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { comparisonsQuery, describeQuery } from '../api/describe-queries.ts'
import { Card, FIELD, Field } from './card.tsx'
import { ComparisonPairs } from './comparison-pairs.tsx'

/** id of the list of names that both fields offer */
const DESCRIBERS = 'describers'

export function ComparePage() {
  const { data, error } = useQuery(comparisonsQuery)
  const [shown, setShown] = useState<number | null>(null)
  const current = data?.comparisons.find((each) => each.id === shown) ?? data?.comparisons[0]
  return (
    <Page
      title="Compare models"
      isDetail
      path={
        <Link to="/settings/descriptions" className="hover:underline">
          Descriptions
        </Link>
      }
      about="Both describe the same photos, some of all parts of the library: where they agree, how long it takes, what it costs. Descriptions stay as they are."
      width="forms"
    >
      {error && <Notice tone="danger">{error.message}</Notice>}
      <StartForm onStarted={setShown} />
      {data && data.comparisons.length > 1 && (
        <Field label="Comparison">
          <select aria-label="Comparison" value={current?.id} onChange={(event) => setShown(Number(event.target.value))} className={FIELD}>
            {data.comparisons.map((each) => (
              <option key={each.id} value={each.id}>
                {each.left.describer} and {each.right.describer}, {countOf(each.photos, 'photo')},{' '}
                {new Date(each.started_at).toLocaleString()}
              </option>
            ))}
          </select>
        </Field>
      )}
      {current && <Summary comparison={current} />}
      {current && <ComparisonPairs id={current.id} />}
    </Page>
  )
}

function StartForm({ onStarted }: { readonly onStarted: (id: number) => void }) {
  const client = useQueryClient()
  const { data } = useQuery(describeQuery('facts'))
  const [left, setLeft] = useState('')
  const [right, setRight] = useState('')
  const [photos, setPhotos] = useState('20')
  const start = useMutation({
    mutationFn: () => callApi('startComparison', { body: { left, right, photos: Number(photos), filters: {} } }),
    onSuccess: ({ id }) => onStarted(id),
    onSettled: () => client.invalidateQueries({ queryKey: comparisonsQuery.queryKey }),
  })
  const leaves = (data?.available ?? []).filter((each) => [left, right].includes(each.name) && each.remote)
  const ready = (data?.available ?? []).filter((each) => each.missing === null)
  return (
    <Card title="New comparison">
      <datalist id={DESCRIBERS}>
        {ready.map((each) => (
          <option key={each.name} value={each.name} />
        ))}
      </datalist>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        <DescriberField label="One model" hint="a preset, or preset=model" value={left} onChange={setLeft} />
        <DescriberField label="The other" value={right} onChange={setRight} />
        <Field label="Photos">
          <input
            type="number"
            aria-label="Photos"
            min={1}
            max={500}
            value={photos}
            onChange={(event) => setPhotos(event.target.value)}
            className={FIELD}
          />
        </Field>
      </div>
      {data && (
        <p className="text-xs text-muted wrap-anywhere">
          {ready.length > 0 ? `Set up: ${ready.map(({ name }) => name).join(', ')}.` : 'None is set up.'}
        </p>
      )}
      {leaves.length > 0 && (
        <Notice tone="warn">
          Smaller copies of {photos} photos, without metadata, will go to {leaves.flatMap((each) => each.sends_to).join(' and ')}.
        </Notice>
      )}
      {start.error && <Notice tone="danger">{start.error.message}</Notice>}
      <Button look="solid" disabled={start.isPending || left === '' || right === ''} onClick={() => start.mutate()} className="self-start">
        Compare
      </Button>
    </Card>
  )
}

interface DescriberFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly onChange: (name: string) => void
}

/** Any name may be typed; those that are set up are offered. */
function DescriberField({ label, hint = '', value, onChange }: DescriberFieldProps) {
  return (
    <Field label={label} hint={hint}>
      <input aria-label={label} list={DESCRIBERS} value={value} onChange={(event) => onChange(event.target.value)} className={FIELD} />
    </Field>
  )
}

function Summary({ comparison }: { readonly comparison: ComparisonReport }) {
  const client = useQueryClient()
  const { left, right, photos } = comparison
  const cancel = useMutation({
    mutationFn: () => callApi('cancelComparison', { params: { id: comparison.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: comparisonsQuery.queryKey }),
  })
  const choose = useMutation({
    mutationFn: (choice: { describer: string; photos: 'new' | 'all' }) => callApi('useDescriber', { body: choice }),
    onSuccess: (next) => showToast({ text: `${next.describer} describes ${next.photos === 'all' ? 'all' : 'new'} photos.` }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const share = (value: number | null) => (value === null ? '–' : formatPercent(value))
  const rows: readonly (readonly [string, (side: ComparisonReport['left']) => string])[] = [
    ['Described', (side) => `${side.done} of ${photos}`],
    ['Failed', (side) => String(side.failed)],
    ['Only in part', (side) => String(side.fallbacks)],
    ['Time per photo', (side) => (side.mean_ms === null ? '–' : `${(side.mean_ms / 1000).toFixed(1)} s`)],
    ['Tokens', (side) => formatCount(side.tokens)],
    ['Cost', (side) => (side.currency ? `${side.cost.toFixed(4)} ${side.currency}${side.cost_estimated ? ' (estimated)' : ''}` : '–')],
  ]
  return (
    <Card title={`${share(comparison.same_category)} same category, ${share(comparison.tag_agreement)} of tags shared`}>
      <p aria-live="polite" className="text-sm text-muted">
        {comparison.state === 'running' ? 'Running' : comparison.state === 'done' ? 'Done' : 'Stopped'}, both described{' '}
        {countOf(comparison.compared, 'photo')}
      </p>
      {comparison.reason && <Notice tone="warn">{comparison.reason}</Notice>}
      {comparison.verdict && (
        <details className="text-sm">
          <summary>
            <strong className="font-semibold tabular-nums">{comparison.verdict.percent} %</strong> of what {left.describer} says,{' '}
            {right.describer} says too: {comparison.verdict.passed ? 'passed (90 % or more)' : 'below 90 %'}
          </summary>
          <ul className="mt-2 text-muted tabular-nums">
            {comparison.verdict.fields.map(({ field, percent }) => (
              <li key={field}>
                {FIELDS[field] ?? field}: {percent} %
              </li>
            ))}
          </ul>
        </details>
      )}
      <table className="w-full table-fixed text-sm">
        <thead>
          <tr className="text-left align-top">
            <th className="w-1/4 py-1.5 font-medium text-muted" aria-label="Measure" />
            {[left, right].map((side) => (
              <th key={side.describer} className="py-1.5 pr-2 font-semibold wrap-anywhere">
                {side.describer}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, say]) => (
            <tr key={label} className="border-t border-line">
              <th className="py-1.5 text-left font-normal text-muted">{label}</th>
              <td className="py-1.5 tabular-nums">{say(left)}</td>
              <td className="py-1.5 tabular-nums">{say(right)}</td>
            </tr>
          ))}
          {comparison.state !== 'running' && (
            <tr className="border-t border-line align-top">
              <th className="py-2 text-left font-normal text-muted">Use it</th>
              {[left, right].map((side) => (
                <td key={side.describer} className="py-2 pr-2">
                  <div className="flex flex-col items-start gap-1.5">
                    {(['new', 'all'] as const).map((which) => (
                      <Button
                        key={which}
                        disabled={choose.isPending}
                        className="h-8! px-3!"
                        onClick={() => choose.mutate({ describer: side.describer, photos: which })}
                      >
                        {which === 'new' ? 'New photos' : 'All photos'}
                      </Button>
                    ))}
                  </div>
                </td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
      {comparison.state === 'running' && (
        <Button disabled={cancel.isPending} onClick={() => cancel.mutate()} className="self-start">
          Stop
        </Button>
      )}
    </Card>
  )
}

/** Fields of a verdict, in words. */
const FIELDS: Readonly<Record<string, string>> = {
  primary_category: 'Category',
  scene_type: 'Scene',
  tags: 'Tags',
  detected_objects: 'Objects',
  description: 'Description',
  suggested_cluster_name: 'Topic',
}
