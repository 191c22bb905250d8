/** @file `/on-this-day`: photos of this day in all earlier years; `/on-this-day/2019`: in one. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { CalendarDays } from 'lucide-react'
import { findDays, listPastDays, localToday, writeYearsAgo } from '../features/gallery/on-this-day.ts'
import { FoundPage } from '../features/search/components/found-page.tsx'
import { formatDayLong } from '../lib/format.ts'
import { daysQuery } from '../lib/library-queries.ts'

const yearRoute = getRouteApi('/on-this-day/$year')

export function OnThisDayRoute() {
  const { data } = useQuery(daysQuery)
  const today = localToday()
  if (!data) return null
  const past = listPastDays(data.days, today)
  return (
    <FoundPage
      title="On this day"
      path={<Home />}
      about={formatDayLong(today).replace(/^\w+, | \d{4}$/g, '')}
      // without such a day nothing is looked for: the day itself, which has none
      search={past.length > 0 ? findDays(past) : { from: today, to: '0001-01-01' }}
      Icon={CalendarDays}
      empty="Nothing from this day in earlier years"
    />
  )
}

export function OneYearRoute() {
  const { year } = yearRoute.useParams()
  const today = localToday()
  const day = `${year}${today.slice(4)}`
  return (
    <FoundPage
      key={day}
      title={writeYearsAgo(Number(today.slice(0, 4)) - Number(year))}
      path={<Home isPart />}
      about={formatDayLong(day)}
      search={{ from: day, to: day }}
      Icon={CalendarDays}
      empty="No photos of this day"
    />
  )
}

function Home({ isPart = false }: { readonly isPart?: boolean }) {
  return (
    <span className="flex gap-2">
      <Link to="/" className="hover:underline">
        Photos
      </Link>
      {isPart && (
        <>
          <span aria-hidden>›</span>
          <Link to="/on-this-day" className="hover:underline">
            On this day
          </Link>
        </>
      )}
    </span>
  )
}
