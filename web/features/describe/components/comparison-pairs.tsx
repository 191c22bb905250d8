/** @file What both describers said, photo by photo. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ComparisonDetail } from '../../../../src/contract/describe.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { formatPercent } from '../../../lib/format.ts'
import { comparisonQuery } from '../api/describe-queries.ts'

type Pair = ComparisonDetail['pairs'][number]

export function ComparisonPairs({ id }: { readonly id: number }) {
  const { data } = useQuery(comparisonQuery(id))
  return (
    <ul className="flex flex-col gap-3">
      {data?.pairs.map((pair) => (
        <li
          key={pair.photo.id}
          className="grid grid-cols-1 gap-4 rounded-2xl border border-line bg-surface p-4 sm:grid-cols-[9rem_1fr_1fr]"
        >
          <div className="flex flex-col gap-1.5">
            <Link to="/photo/$id" params={{ id: String(pair.photo.id) }}>
              <img
                src={pictureUrl('getThumbnail', pair.photo)}
                alt={pair.left.alt_text ?? pair.photo.filename}
                loading="lazy"
                className="aspect-4/3 w-full rounded-lg bg-tile object-cover"
              />
            </Link>
            {pair.tag_agreement !== null && (
              <p className="text-xs text-muted">
                {pair.same_category ? 'same category' : 'other category'}, {formatPercent(pair.tag_agreement)} of tags
              </p>
            )}
          </div>
          <Answer said={pair.left} other={pair.right} name={data.left.describer} />
          <Answer said={pair.right} other={pair.left} name={data.right.describer} />
        </li>
      ))}
    </ul>
  )
}

function Answer({ said, other, name }: { readonly said: Pair['left']; readonly other: Pair['left']; readonly name: string }) {
  return (
    <section aria-label={name} className="flex min-w-0 flex-col gap-1.5 text-sm">
      <h3 className="text-[13px] font-semibold text-muted wrap-anywhere">
        {name}
        {said.primary_category && ` · ${said.primary_category}`}
      </h3>
      {said.state === 'due' && <p className="text-muted">not asked yet</p>}
      {said.state === 'failed' && <p className="text-danger wrap-anywhere">{said.reason}</p>}
      {said.description && <p className="wrap-anywhere">{said.description}</p>}
      <ul className="flex flex-wrap gap-1 text-xs">
        {said.tags.map((tag) => (
          <li key={tag} className={`rounded-full px-2 py-0.5 ${other.tags.includes(tag) ? 'bg-accent-soft' : 'bg-raised'}`}>
            {tag}
          </li>
        ))}
      </ul>
    </section>
  )
}
