/** @file Describes chosen photos now, within a budget of their own: first how many and what it will take, then, on demand, the run. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { DESCRIBE_WHICH, type DescribeWhich, type Purpose } from '../../../../src/contract/words.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatSpan } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { describeQuery } from '../api/describe-queries.ts'
import { Card, FIELD, Field } from './card.tsx'
import { NumberField } from './number-field.tsx'

const LABELS: Record<DescribeWhich, string> = {
  undescribed: 'Photos without a description',
  'not by this': 'Photos not described by this model and prompt',
  failed: 'Photos whose description failed',
  all: 'All photos',
}

const toNumber = (text: string) => (text === '' ? null : Number(text))

export function RunForm({ purpose }: { readonly purpose: Purpose }) {
  const client = useQueryClient()
  const [which, setWhich] = useState<DescribeWhich>('undescribed')
  const [limit, setLimit] = useState('')
  const [tokens, setTokens] = useState('')
  const [money, setMoney] = useState('')
  const run = useMutation({
    mutationFn: (dry_run: boolean) =>
      callApi('runDescribe', {
        query: { purpose },
        body: { which, filters: {}, limit: toNumber(limit), max_tokens: toNumber(tokens), max_cost: toNumber(money), dry_run },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: describeQuery(purpose).queryKey }),
  })
  const { data } = run
  return (
    <Card title="Describe photos that are there">
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Field label="Which">
          <select aria-label="Which" value={which} onChange={(event) => setWhich(event.target.value as DescribeWhich)} className={FIELD}>
            {DESCRIBE_WHICH.map((each) => (
              <option key={each} value={each}>
                {LABELS[each]}
              </option>
            ))}
          </select>
        </Field>
        <NumberField label="Photos at most" value={limit} min={1} onText={setLimit} none="all" />
        <NumberField label="Tokens at most" value={tokens} min={1} onText={setTokens} />
        <NumberField label="Money at most" value={money} min={0} step="any" onText={setMoney} />
      </div>
      {data && (
        <p aria-live="polite" className="text-sm">
          {data.run ? 'Begun: ' : ''}
          {countOf(data.photos, 'photo')}
          {data.seconds !== null && `, about ${formatSpan(data.seconds)}`}
          {data.tokens !== null && `, about ${formatCount(Math.round(data.tokens))} tokens`}
          {data.cost !== null && `, about ${data.cost.toFixed(2)} ${data.currency}${data.cost_estimated ? ' (estimated)' : ''}`}
        </p>
      )}
      {run.error && <Notice tone="danger">{run.error.message}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button disabled={run.isPending} onClick={() => run.mutate(true)}>
          Count first
        </Button>
        <Button look="solid" disabled={run.isPending} onClick={() => run.mutate(false)}>
          Describe
        </Button>
      </div>
    </Card>
  )
}
