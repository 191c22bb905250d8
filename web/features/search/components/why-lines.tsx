/** @file Why a hit is there: the text around the words it was found by, with those marked, and a line for each other reason. */
import type { MatchReason, SearchHit } from '../../../../src/contract/search.ts'
import { explainMatch } from '../explain-match.ts'

interface WhyLinesProps {
  readonly hit: SearchHit
  readonly className: string
}

/** What tells most first: on a phone the last ones do not fit. */
const ORDER: Record<MatchReason['list'], number> = { keyword: 0, named: 1, combined: 2, similar: 3, semantic: 4, described: 5 }

export function WhyLines({ hit, className }: WhyLinesProps) {
  return [...hit.why]
    .sort((a, b) => ORDER[a.list] - ORDER[b.list])
    .map((reason) => (
      <span key={reason.list} className={className}>
        {explainMatch(reason)}
        {reason.snippets[0] && (
          <span className="block">
            {reason.snippets[0].parts.map((part, index) =>
              part.is_match ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
                <mark key={index} className="rounded-sm bg-warn-soft px-0.5 text-warn">
                  {part.text}
                </mark>
              ) : (
                part.text
              ),
            )}
          </span>
        )}
      </span>
    ))
}
