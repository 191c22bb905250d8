/** @file Photos of this day in earlier years, as a strip above the timeline. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countOf } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { dayChunkQuery } from '../../../lib/library-queries.ts'
import { placeholderUrl } from '../../../lib/thumbhash.ts'
import { EDGE } from '../../../ui/page.tsx'
import { type PastDay, writeYearsAgo } from '../on-this-day.ts'

/** the timeline begins below it: its height is part of the layout */
export const STRIP_HEIGHT = 172

export function OnThisDayStrip({ days }: { readonly days: readonly PastDay[] }) {
  return (
    <section
      aria-label="On this day"
      className={`flex flex-col gap-2 overflow-hidden pt-3 ${EDGE} sm:pr-0`}
      style={{ height: STRIP_HEIGHT }}
    >
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="text-base font-semibold">On this day</h2>
        <Link to="/on-this-day" className="text-sm text-accent hover:underline">
          Show all
        </Link>
      </div>
      <ul className="scrollbar-none -mx-1 flex gap-2 overflow-x-auto px-1 pt-1 pb-2">
        {days.map((past) => (
          <PastCard key={past.day} past={past} />
        ))}
      </ul>
    </section>
  )
}

function PastCard({ past: { day, count, years } }: { readonly past: PastDay }) {
  const { data } = useQuery(dayChunkQuery(day, 0))
  const photo = data?.photos[0]
  const placeholder = placeholderUrl(photo?.thumbhash ?? null)
  return (
    <li className="shrink-0">
      <Link
        to="/on-this-day/$year"
        params={{ year: day.slice(0, 4) }}
        aria-label={`${writeYearsAgo(years)}, ${countOf(count, 'photo')}`}
        className="relative block h-28 w-40 overflow-hidden rounded-lg bg-tile bg-cover"
        style={placeholder ? { backgroundImage: `url(${placeholder})` } : {}}
      >
        {photo && (
          <img src={pictureUrl('getThumbnail', photo)} alt="" decoding="async" draggable={false} className="size-full object-cover" />
        )}
        <span className="absolute inset-x-0 bottom-0 bg-linear-to-t from-black/80 to-transparent px-2.5 pt-6 pb-1.5 text-sm font-medium text-white">
          {writeYearsAgo(years)}
        </span>
      </Link>
    </li>
  )
}
