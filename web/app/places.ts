/** @file The places of the page, in the order of the rail and the menu. A new page with an address of its own adds a line. */
import type { LinkProps } from '@tanstack/react-router'
import {
  BookImage,
  Boxes,
  CircleAlert,
  Copy,
  Cpu,
  FolderTree,
  Gem,
  History,
  Images,
  type LucideIcon,
  MessageSquareText,
  Sparkles,
  Tags,
  Trash2,
  UsersRound,
} from 'lucide-react'

export interface Place {
  readonly path: NonNullable<LinkProps['to']>
  readonly label: string
  readonly Icon: LucideIcon
  /** `photos`: what is in the library; `library`: how it is looked after. A line stands between the two */
  readonly part: 'photos' | 'library'
  /** `g`, then this letter; no two places share one */
  readonly key: string
  /** one short sentence, shown where the mouse rests */
  readonly hint?: string
  /** pages without a line of their own that belong here, by the beginning of their address */
  readonly holds?: readonly string[]
}

export const PLACES: readonly Place[] = [
  { path: '/', label: 'Photos', Icon: Images, part: 'photos', key: 'h', hint: 'All photos by day', holds: ['/search'] },
  {
    path: '/albums',
    label: 'Albums',
    Icon: BookImage,
    part: 'photos',
    key: 'a',
    hint: 'Put together by you, or by a search',
    holds: ['/surprise'],
  },
  { path: '/clusters', label: 'Clusters', Icon: Boxes, part: 'photos', key: 'k', hint: 'Topics found among the photos, and trips' },
  {
    path: '/products/generate',
    label: 'Product pictures',
    Icon: Sparkles,
    part: 'photos',
    key: 'x',
    hint: 'White backgrounds, dimensions, scenes',
  },
  { path: '/people', label: 'People', Icon: UsersRound, part: 'photos', key: 'p', hint: 'Who is in the photos' },
  { path: '/categories', label: 'Categories', Icon: FolderTree, part: 'photos', key: 'c', hint: 'Photos by what is on them' },
  { path: '/products', label: 'Products', Icon: Gem, part: 'photos', key: 'o', hint: 'Product pictures and where they can be sold' },
  { path: '/duplicates', label: 'Duplicates', Icon: Copy, part: 'library', key: 'd', hint: 'The same picture twice, and look-alikes' },
  { path: '/vocabulary', label: 'Vocabulary', Icon: Tags, part: 'library', key: 'v', hint: 'Words that are looked for in the photos' },
  { path: '/models', label: 'Models', Icon: Cpu, part: 'library', key: 'm', hint: 'What looks at the photos' },
  {
    path: '/describe',
    label: 'Describe',
    Icon: MessageSquareText,
    part: 'library',
    key: 'w',
    hint: 'Descriptions by models',
    holds: ['/compare'],
  },
  { path: '/failures', label: 'Failures', Icon: CircleAlert, part: 'library', key: 'f', hint: 'What could not be read, and why' },
  { path: '/changes', label: 'Changes', Icon: History, part: 'library', key: 'u', hint: 'What was changed, and undo' },
  { path: '/trash', label: 'Trash', Icon: Trash2, part: 'library', key: 't', hint: 'Deleted photos, for 30 days' },
]

/** The place an address belongs to; of several the one that says most. */
export function findPlace(pathname: string): Place | null {
  const begins = (beginning: string) =>
    beginning === '/' ? pathname === '/' : pathname === beginning || pathname.startsWith(`${beginning}/`)
  const [best] = PLACES.flatMap((place) =>
    [place.path, ...(place.holds ?? [])].filter(begins).map((beginning) => ({ place, length: beginning.length })),
  ).toSorted((a, b) => b.length - a.length)
  return best?.place ?? null
}
