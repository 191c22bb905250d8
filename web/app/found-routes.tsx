/** @file Pages that are searches of their own: what came in lately, and favourites. */
import { Heart, Images } from 'lucide-react'
import { FoundPage } from '../features/search/components/found-page.tsx'

const RECENT_DAYS = 30

export function RecentRoute() {
  const from = new Date(Date.now() - RECENT_DAYS * 86_400_000).toISOString().slice(0, 10)
  return (
    <FoundPage
      title="Recently added"
      search={{ added_from: from }}
      about={`Added in the last ${RECENT_DAYS} days.`}
      Icon={Images}
      empty={`Nothing was added in the last ${RECENT_DAYS} days`}
    />
  )
}

export function FavouritesRoute() {
  return (
    <FoundPage
      title="Favourites"
      search={{ favourite: true }}
      Icon={Heart}
      empty="No favourites yet"
      hint="Press the heart of a photo, and it is shown here."
    />
  )
}
