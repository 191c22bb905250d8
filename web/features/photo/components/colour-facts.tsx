/** @file The picture’s colours with their shares. */
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { formatPercent } from '../../../lib/format.ts'
import { FactSection } from './fact-section.tsx'

export function ColourFacts({ colours }: { readonly colours: PhotoDetail['colours'] }) {
  if (colours.length === 0) return null
  return (
    <FactSection title="Colours">
      <div className="flex h-7 overflow-hidden rounded-lg ring-1 ring-line ring-inset" aria-hidden>
        {colours.map((colour) => (
          <span key={colour.hex} title={`${colour.name} ${colour.hex}`} style={{ background: colour.hex, flexGrow: colour.share }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-3 gap-y-1 text-xs">
        {colours.map((colour) => (
          <li key={colour.hex} className="inline-flex items-center gap-1.5">
            <span className="size-2.5 rounded-full ring-1 ring-line" style={{ background: colour.hex }} aria-hidden />
            {colour.name}
            <span className="text-muted tabular-nums">{formatPercent(colour.share)}</span>
          </li>
        ))}
      </ul>
    </FactSection>
  )
}
