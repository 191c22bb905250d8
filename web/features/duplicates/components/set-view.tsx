/** @file One set side by side: each photo with what tells them apart, the best of each fact marked, and which would be kept and why. */
import { Link } from '@tanstack/react-router'
import { Check, Star } from 'lucide-react'
import type { ReactNode } from 'react'
import type { DuplicateSetReport, SetMember } from '../../../../src/contract/duplicates.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { formatBytes, formatDay } from '../../../lib/format.ts'

interface SetViewProps {
  readonly set: DuplicateSetReport
  /** ids of the photos that stay */
  readonly kept: ReadonlySet<number>
  readonly onToggle: (id: number) => void
}

export function SetView({ set, kept, onToggle }: SetViewProps) {
  return (
    <ul
      aria-label="Photos of this set"
      className="grid flex-1 auto-rows-min grid-cols-[repeat(auto-fit,minmax(min(18rem,100%),1fr))] gap-4"
    >
      {set.members.map((member, index) => (
        <Member
          key={member.photo.id}
          member={member}
          members={set.members}
          letter={index < 9 ? String(index + 1) : null}
          isKept={kept.has(member.photo.id)}
          reason={member.photo.id === set.keeper ? set.reason : null}
          onToggle={() => onToggle(member.photo.id)}
        />
      ))}
    </ul>
  )
}

interface MemberProps {
  readonly member: SetMember
  readonly members: readonly SetMember[]
  readonly letter: string | null
  readonly isKept: boolean
  readonly reason: string | null
  readonly onToggle: () => void
}

function Member({ member, members, letter, isKept, reason, onToggle }: MemberProps) {
  const { photo } = member
  return (
    <li className={`flex flex-col overflow-hidden rounded-2xl border-2 bg-surface ${isKept ? 'border-accent' : 'border-line'}`}>
      <button type="button" aria-pressed={isKept} onClick={onToggle} className="relative block h-64 w-full bg-tile sm:h-80">
        <img
          src={pictureUrl('getPreview', photo)}
          alt={photo.filename}
          className={`size-full object-contain ${isKept ? '' : 'opacity-45'}`}
        />
        <span
          className={`absolute top-3 left-3 inline-flex items-center gap-1.5 rounded-full px-3 py-1 text-sm font-medium shadow ${
            isKept ? 'bg-accent text-on-accent' : 'bg-surface text-muted'
          }`}
        >
          {isKept && <Check className="size-4" aria-hidden />}
          {isKept ? 'Keep' : 'Move to trash'}
          {letter && <kbd className="text-xs opacity-70 max-sm:hidden">{letter}</kbd>}
        </span>
      </button>
      <div className="flex flex-col gap-2 p-4">
        <Link to="/photo/$id" params={{ id: String(photo.id) }} className="truncate font-medium hover:underline" title={photo.filename}>
          {photo.filename}
        </Link>
        {reason !== null && <p className="text-sm text-accent">Suggested: {reason}</p>}
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
          <Fact label="Size" best={isMost(member, members, pixels)}>
            {photo.width === null || photo.height === null ? 'not known' : `${photo.width} × ${photo.height}`}
          </Fact>
          <Fact label="File" best={isMost(member, members, ({ bytes }) => bytes)}>
            {formatBytes(member.bytes)}
            {member.format && `, ${member.format.toUpperCase()}`}
          </Fact>
          <Fact label="Day" best={isMost(member, members, ({ photo: { day } }) => -Date.parse(day))}>
            {formatDay(photo.day)}
          </Fact>
          {member.camera !== null && <Fact label="Camera">{member.camera}</Fact>}
          <Fact label="Metadata" best={isMost(member, members, ({ metadata }) => metadata)}>
            {countOf(member.metadata, 'fact')}
          </Fact>
          {(member.albums > 0 || member.favourite || member.rating > 0) && (
            <Fact label="Yours">
              {member.favourite && <Star className="mr-1 inline size-4 fill-current" aria-label="Favourite" />}
              {[member.rating > 0 ? countOf(member.rating, 'star') : '', member.albums > 0 ? `in ${countOf(member.albums, 'album')}` : '']
                .filter(Boolean)
                .join(', ')}
            </Fact>
          )}
          {member.paths[0] !== undefined && (
            <Fact label="Where">
              <span className="block truncate" title={member.paths.join('\n')}>
                {member.paths[0]}
              </span>
            </Fact>
          )}
        </dl>
      </div>
    </li>
  )
}

function Fact({ label, best = false, children }: { readonly label: string; readonly best?: boolean; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className={`min-w-0 ${best ? 'font-semibold' : ''}`}>{children}</dd>
    </>
  )
}

const pixels = ({ photo }: SetMember) => (photo.width ?? 0) * (photo.height ?? 0)

/** True where this photo alone leads, so that what tells them apart stands out. */
function isMost(member: SetMember, members: readonly SetMember[], measure: (member: SetMember) => number): boolean {
  return members.every((other) => other === member || measure(other) < measure(member))
}
