/** @file One photo before one or two models: what each says, or which photos it finds near, side by side. Nothing of it is stored. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import type { CatalogueModel } from '../../../../src/contract/library.ts'
import type { TryAnswer } from '../../../../src/contract/try-out.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { formatPercent } from '../../../lib/format.ts'
import { latestPhotosQuery } from '../../../lib/model-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'

const FIELD = 'h-9 w-full rounded-lg border border-line bg-page px-3 text-sm'
const NONE = ''

/** Installed models, and what is built in and can be chosen. */
const canBeTried = ({ state, task, capabilities }: CatalogueModel): boolean =>
  task !== null
    ? task !== 'cut-out' && (state === 'active' || state === 'installed' || state === 'filling')
    : capabilities.includes('find-faces') || capabilities.includes('find-objects')

export function TryPanel({ models }: { readonly models: readonly CatalogueModel[] }) {
  const names = models.filter(canBeTried).map(({ name }) => name)
  const { data: latest } = useQuery(latestPhotosQuery)
  const [photo, setPhoto] = useState('')
  const [left, setLeft] = useState(names[0] ?? NONE)
  const [right, setRight] = useState(NONE)
  const run = useMutation({
    mutationFn: (name: string) => callApi('tryModel', { params: { name }, body: { photo: Number(photo) } }),
  })
  const other = useMutation({
    mutationFn: (name: string) => callApi('tryModel', { params: { name }, body: { photo: Number(photo) } }),
  })
  const isBusy = run.isPending || other.isPending
  const start = () => {
    run.mutate(left)
    if (right === NONE) other.reset()
    else other.mutate(right)
  }
  // those that were read: a model sees the others no more than a person does
  const photos = latest?.photos.filter(({ width }) => width !== null) ?? []
  if (names.length === 0 || photos.length === 0) return null
  return (
    <section aria-label="Try on a photo" className="flex flex-col gap-4 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      <div>
        <h2 className="text-base font-semibold">Try on a photo</h2>
        <p className="text-sm text-muted">See what a model says before you choose it, beside another one. Nothing of it is stored.</p>
      </div>
      <ul aria-label="Latest photos" className="flex gap-2 overflow-x-auto pb-1">
        {photos.map((each) => (
          <li key={each.id} className="shrink-0">
            <button
              type="button"
              aria-label={each.filename}
              aria-pressed={photo === String(each.id)}
              onClick={() => setPhoto(String(each.id))}
              className="block size-16 overflow-hidden rounded-lg border-2 border-transparent aria-pressed:border-accent"
            >
              <img src={pictureUrl('getThumbnail', each)} alt="" className="size-full object-cover" />
            </button>
          </li>
        ))}
      </ul>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-[8rem_1fr_1fr_auto] sm:items-end">
        <label className="flex flex-col gap-1 text-sm">
          <span className="font-medium">Photo number</span>
          <input type="number" min={1} value={photo} onChange={(event) => setPhoto(event.target.value)} className={FIELD} />
        </label>
        <ModelSelect label="Model" value={left} names={names} onChange={setLeft} />
        <ModelSelect label="Beside it" value={right} names={names} onChange={setRight} none="nothing" />
        <Button look="solid" onClick={start} disabled={isBusy || photo === '' || left === NONE}>
          <FlaskConical className="size-4" aria-hidden />
          {isBusy ? 'Looking …' : 'Try'}
        </Button>
      </div>
      {(run.data || other.data || run.error || other.error) && (
        <div className="grid gap-4 lg:grid-cols-2">
          {[run, other].map(({ data, error, variables }, at) =>
            data || error ? (
              <Said key={at === 0 ? 'left' : 'right'} name={data?.model ?? variables ?? ''} answer={data} error={error} />
            ) : null,
          )}
        </div>
      )}
    </section>
  )
}

interface ModelSelectProps {
  readonly label: string
  readonly value: string
  readonly names: readonly string[]
  readonly onChange: (name: string) => void
  readonly none?: string
}

function ModelSelect({ label, value, names, onChange, none }: ModelSelectProps) {
  return (
    <label className="flex min-w-0 flex-col gap-1 text-sm">
      <span className="font-medium">{label}</span>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} className={FIELD}>
        {none !== undefined && <option value={NONE}>{none}</option>}
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

interface SaidProps {
  readonly name: string
  readonly answer: TryAnswer | undefined
  readonly error: Error | null
}

function Said({ name, answer, error }: SaidProps) {
  const said = [...(answer?.tags.map(({ tag, confidence }) => ({ label: tag, confidence })) ?? []), ...(answer?.things ?? [])]
  return (
    <article aria-label={name} className="flex min-w-0 flex-col gap-2 rounded-xl border border-line p-3">
      <h3 className="text-sm font-semibold wrap-anywhere">
        {name} {answer && <span className="font-normal text-muted">{(answer.ms / 1000).toFixed(1)} s, with loading it</span>}
      </h3>
      {error && <Notice tone="danger">{error.message}</Notice>}
      {answer?.notice && <Notice>{answer.notice}</Notice>}
      {answer && answer.task !== 'embedding' && said.length === 0 && <p className="text-sm text-muted">It says nothing of this photo.</p>}
      {said.length > 0 && (
        <ul className="flex flex-wrap gap-1.5 text-xs">
          {said.map(({ label, confidence }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two things of one kind are told apart by nothing else
            <li key={at} className="rounded-full bg-raised px-2.5 py-1">
              {label} <span className="text-muted tabular-nums">{formatPercent(confidence)}</span>
            </li>
          ))}
        </ul>
      )}
      {answer && answer.nearest.length > 0 && (
        <ol aria-label={`Nearest by ${name}`} className="grid grid-cols-4 gap-2">
          {answer.nearest.map(({ photo, cosine_distance }) => (
            <li key={photo.id}>
              <Link to="/photo/$id" params={{ id: String(photo.id) }} title={photo.filename}>
                <img
                  src={pictureUrl('getThumbnail', photo)}
                  alt={photo.filename}
                  className="aspect-square w-full rounded-lg object-cover"
                />
              </Link>
              <p className="text-center text-xs text-muted tabular-nums">{cosine_distance.toFixed(2)}</p>
            </li>
          ))}
        </ol>
      )}
    </article>
  )
}
