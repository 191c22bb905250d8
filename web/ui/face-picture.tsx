/** @file A face, round or square, from its own small picture. */
import { UserRound } from 'lucide-react'
import { useState } from 'react'

interface FacePictureProps {
  readonly face: number | null
  readonly label?: string
  readonly className?: string
}

/** Decoration unless it has a label: the name stands beside it. */
export function FacePicture({ face, label = '', className = '' }: FacePictureProps) {
  const [isBroken, setBroken] = useState(false)
  return (
    <span className={`relative block overflow-hidden bg-raised ${className}`}>
      {face === null || isBroken ? (
        <span className="absolute inset-0 grid place-items-center text-muted">
          <UserRound className="size-1/2" aria-hidden />
        </span>
      ) : (
        <img
          src={`/api/faces/${face}/picture`}
          alt={label}
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(true)}
          className="absolute inset-0 size-full object-cover"
        />
      )}
    </span>
  )
}
