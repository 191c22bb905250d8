/** @file What is in the picture: tags with who said them and how sure, and their categories. */
import { Link } from '@tanstack/react-router'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { formatModel, formatPercent } from '../../../lib/format.ts'
import { FactSection } from './fact-section.tsx'

export function TagFacts({ photo }: { readonly photo: PhotoDetail }) {
  const categories = [...new Set(photo.tags.flatMap((tag) => tag.categories))]
  const keywords = photo.metadata?.keywords.filter((word) => !photo.tags.some((tag) => tag.tag === word)) ?? []
  const said = new Set(photo.tags.map((tag) => tag.tag))
  const broader = [...new Set(photo.tags.flatMap((tag) => tag.broader))].filter((term) => !said.has(term)).sort()
  if (photo.tags.length === 0 && keywords.length === 0) return null
  return (
    <FactSection title="In the picture">
      <ul className="flex flex-wrap gap-1.5">
        {photo.tags.map((tag) => (
          <li key={`${tag.tag} ${tag.said_by}`} className="max-w-full">
            <Link
              to="/search"
              search={{ q: tag.tag }}
              title={`said by ${formatModel(tag.said_by)}, ${formatPercent(tag.confidence)} sure`}
              className="flex max-w-full items-baseline gap-1.5 rounded-full bg-raised px-3 py-1 text-sm hover:bg-line"
            >
              <span className="truncate">{tag.tag}</span>
              <span className="text-xs text-muted tabular-nums">{formatPercent(tag.confidence)}</span>
            </Link>
          </li>
        ))}
        {keywords.map((word) => (
          <li key={word} className="max-w-full">
            <Link
              to="/search"
              search={{ q: word }}
              title="keyword written in the file"
              className="block max-w-full truncate rounded-full border border-line px-3 py-1 text-sm hover:bg-raised"
            >
              {word}
            </Link>
          </li>
        ))}
      </ul>
      {broader.length > 0 && (
        <p className="text-xs text-muted" title="derived from the tags: nobody said it">
          found as {broader.join(', ')} too
        </p>
      )}
      {categories.length > 0 && (
        <p className="text-sm text-muted">
          {categories.map((category, index) => (
            <span key={category}>
              {index > 0 && ' · '}
              <Link to="/search" search={{ category: [category] }} className="text-accent hover:underline">
                {category}
              </Link>
            </span>
          ))}
        </p>
      )}
      {photo.tags.length > 0 && (
        <p className="text-xs text-muted">said by {[...new Set(photo.tags.map((tag) => formatModel(tag.said_by)))].join(', ')}</p>
      )}
    </FactSection>
  )
}
