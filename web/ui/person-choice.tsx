/** @file People with a name that fits what is typed, to be chosen by a press. */
import { FacePicture } from './face-picture.tsx'

const SUGGESTED = 8

interface PersonChoiceProps {
  readonly people: readonly { readonly id: number; readonly name: string | null; readonly cover_face_id: number | null }[]
  readonly typed: string
  readonly disabled?: boolean
  readonly onChoose: (name: string) => void
}

export function PersonChoice({ people, typed, disabled = false, onChoose }: PersonChoiceProps) {
  const wanted = typed.trim().toLowerCase()
  const fitting = people.flatMap((person) => (person.name?.toLowerCase().includes(wanted) ? [{ ...person, name: person.name }] : []))
  if (fitting.length === 0) return null
  return (
    <ul aria-label="People here" className="flex flex-wrap gap-2">
      {fitting.slice(0, SUGGESTED).map(({ id, name, cover_face_id }) => (
        <li key={id}>
          <button
            type="button"
            disabled={disabled}
            onClick={() => onChoose(name)}
            className="flex items-center gap-2 rounded-full bg-raised py-1 pr-3.5 pl-1 text-sm hover:bg-line"
          >
            <FacePicture face={cover_face_id} className="size-8 rounded-full" />
            <span className="max-w-48 truncate">{name}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
