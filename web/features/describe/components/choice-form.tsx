/** @file Switches a describer on or off by name and sets its limits. Nothing is sent anywhere before this is saved. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { DescribeReport, DescriberReport } from '../../../../src/contract/describe.ts'
import type { Purpose } from '../../../../src/contract/words.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { describeQuery } from '../api/describe-queries.ts'
import { Card, FIELD, Field } from './card.tsx'
import { NumberField } from './number-field.tsx'
import { Presence } from './presence.tsx'

const OFF = ''

function sayPlace({ missing, remote, sends_to, state }: DescriberReport): string {
  if (missing) return ' (not set up)'
  const place = remote ? sends_to.join(', ') : 'this machine'
  return ` (${place}${state === 'ready' ? ', ready' : state === 'not ready' ? ', not ready' : ''})`
}

/** empty: no limit */
const toLimit = (text: FormDataEntryValue | null) => (text === null || text === '' ? null : Number(text))

/** What it does, as a sentence with its name says it; what is said where none is chosen. */
const DOES = { facts: 'describes', inspiration: 'writes inspiration prompts for' } as const satisfies Record<Purpose, string>
const OFF_MEANS = {
  facts: 'Describing is off.',
  inspiration: 'The model that describes photos writes their inspiration prompts too.',
} as const satisfies Record<Purpose, string>

export function ChoiceForm({ report }: { readonly report: DescribeReport }) {
  const client = useQueryClient()
  const [name, setName] = useState(report.describer ?? OFF)
  const [photos, setPhotos] = useState(report.photos)
  const [second, setSecond] = useState(report.split?.describer ?? OFF)
  const { limits, purpose } = report
  const isFixed = (what: string) => report.fixed.includes(what)
  const limit = (name: keyof typeof limits) => ({ name, step: 'any' as const, defaultValue: limits[name] ?? '', disabled: isFixed(name) })
  const chosen = report.available.find((each) => each.name === name)
  const save = useMutation({
    mutationFn: (body: Parameters<typeof callApi<'useDescriber'>>[1]['body']) => callApi('useDescriber', { query: { purpose }, body }),
    onSuccess: (next) => {
      client.setQueryData(describeQuery(purpose).queryKey, next)
      showToast({
        text: next.on ? `${next.describer} ${DOES[purpose]} ${next.photos === 'all' ? 'all' : 'new'} photos.` : OFF_MEANS[purpose],
      })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    save.mutate({
      describer: name === OFF ? null : name,
      photos,
      ...(purpose === 'facts' && {
        split: second === OFF || name === OFF ? null : { describer: second, share: toLimit(form.get('share')) ?? 50 },
      }),
      limits: {
        preview_px: toLimit(form.get('preview_px')) ?? limits.preview_px,
        concurrency: toLimit(form.get('concurrency')) ?? limits.concurrency,
        per_minute: isFixed('per_minute') ? limits.per_minute : toLimit(form.get('per_minute')),
        tokens_per_day: isFixed('tokens_per_day') ? limits.tokens_per_day : toLimit(form.get('tokens_per_day')),
        cost_per_day: isFixed('cost_per_day') ? limits.cost_per_day : toLimit(form.get('cost_per_day')),
      },
    })
  }
  const isKnown = name === OFF || report.available.some((each) => each.name === name)
  return (
    <Card title="Settings">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Model" hint={report.fixed.length > 0 ? `The configuration fixes: ${report.fixed.join(', ')}` : ''}>
          <select
            aria-label="Model"
            value={name}
            onChange={(event) => setName(event.target.value)}
            disabled={isFixed('describer')}
            className={FIELD}
          >
            <option value={OFF}>{purpose === 'facts' ? 'Off' : 'The one that describes photos'}</option>
            {!isKnown && <option value={name}>{name}</option>}
            {report.available.map((each) => (
              <option key={each.name} value={each.name}>
                {each.name}
                {sayPlace(each)}
              </option>
            ))}
          </select>
        </Field>
        {chosen?.missing && <Notice tone="warn">{chosen.missing}</Notice>}
        {chosen && !chosen.missing && <Presence describer={chosen} />}
        {chosen?.remote && (
          <Notice tone="warn">
            A smaller copy of each picture, without metadata, will go to {chosen.sends_to.join(' and ')}. Licence: {chosen.licence}
          </Notice>
        )}
        {purpose === 'facts' && name !== OFF && (
          <Field label="Second model" hint="Describes a share of the photos instead, to try it: always the same ones">
            <select aria-label="Second model" value={second} onChange={(event) => setSecond(event.target.value)} className={FIELD}>
              <option value={OFF}>None</option>
              {report.available
                .filter((each) => each.name !== name)
                .map((each) => (
                  <option key={each.name} value={each.name}>
                    {each.name}
                    {sayPlace(each)}
                  </option>
                ))}
            </select>
          </Field>
        )}
        {purpose === 'facts' && name !== OFF && second !== OFF && (
          <NumberField label="Its share (%)" name="share" defaultValue={report.split?.share ?? 50} min={1} max={99} step={1} none="50" />
        )}
        <Field label="Photos" hint="All: what another model or prompt described is described again">
          <select
            aria-label="Photos"
            value={photos}
            onChange={(event) => setPhotos(event.target.value === 'all' ? 'all' : 'new')}
            disabled={isFixed('photos')}
            className={FIELD}
          >
            <option value="new">Only photos that arrive from now on</option>
            <option value="all">All photos</option>
          </select>
        </Field>
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <NumberField label="Longest side sent (px)" {...limit('preview_px')} min={256} max={1440} />
          <NumberField label="At the same time" {...limit('concurrency')} min={1} max={64} />
          <NumberField label="Calls a minute" {...limit('per_minute')} min={0.1} />
          <NumberField label="Tokens a day" {...limit('tokens_per_day')} min={0} />
          <NumberField label="Money a day" {...limit('cost_per_day')} min={0} />
        </div>
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
        <Button type="submit" look="solid" disabled={save.isPending || Boolean(chosen?.missing)} className="self-start">
          Save
        </Button>
      </form>
    </Card>
  )
}
