/** @file Chips of what was typed: filters, words left out, exact words. Taken away, they leave the search. */
import { describeChip, joinTyped, readTyped } from '../../../lib/typed-search.ts'
import { RemovableChip } from '../../../ui/chip.tsx'

interface TypedChipsProps {
  readonly q: string
  readonly onChange: (q: string | undefined) => void
}

export function TypedChips({ q, onChange }: TypedChipsProps) {
  const { chips, plain } = readTyped(q)
  return chips.map((chip) => (
    <li key={`${chip.start} ${chip.text}`} className="max-w-full">
      <RemovableChip
        label={describeChip(chip)}
        onRemove={() =>
          onChange(
            joinTyped(
              chips.filter((each) => each !== chip),
              plain,
            ) || undefined,
          )
        }
      />
    </li>
  ))
}
