/** @file Camera, exposure, time, place and files. */
import { Link } from '@tanstack/react-router'
import { Download, MapPin } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { formatBytes, formatExposure, formatPlace } from '../../../lib/format.ts'
import { FactSection } from './fact-section.tsx'
import { OriginalLink } from './original-link.tsx'

/** how far “near here” goes */
const NEAR_KM = 5

interface FileFactsProps {
  readonly photo: PhotoDetail
}

export function FileFacts({ photo }: FileFactsProps) {
  const about = photo.metadata
  const camera = [about?.camera_make, about?.camera_model].filter((part) => part).join(' ')
  const exposure = [
    about?.exposure_s ? formatExposure(about.exposure_s) : null,
    about?.aperture ? `f/${Number(about.aperture.toFixed(1))}` : null,
    about?.iso ? `ISO ${about.iso}` : null,
    about?.focal_mm ? `${Number(about.focal_mm.toFixed(1))} mm` : null,
  ].filter((part) => part !== null)
  const facts: [string, ReactNode][] = [
    ['Taken', writeTaken(photo)],
    ['Camera', camera],
    ['Lens', about?.lens],
    ['Exposure', exposure.join(' · ')],
    ['Place', about && (about.country !== null || about.latitude !== null) && <Place about={about} />],
    ['Size', writeSize(photo)],
    ['Colour profile', about?.colour_profile],
    ['Software', about?.software],
  ]
  return (
    <FactSection title="Details">
      <dl className="grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-1.5 text-sm">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 wrap-anywhere">{value}</dd>
            </div>
          ) : null,
        )}
        <dt className="text-muted">{photo.files.length === 1 ? 'File' : 'Files'}</dt>
        <dd className="flex min-w-0 flex-col gap-1.5">
          {photo.files.map((file) => (
            <span key={`${file.source} ${file.path}`} className="block wrap-anywhere">
              {file.path}
              {file.missing_since && <span className="text-danger"> (missing)</span>}
              {file.problem && <span className="block text-xs text-danger first-letter:uppercase">{file.problem}</span>}
              <span className="block text-xs text-muted">{file.source}</span>
            </span>
          ))}
          {about?.sidecar && (
            <span className="block wrap-anywhere">
              {about.sidecar.files.join(', ')}
              <span className={`block text-xs ${about.sidecar.problem === null ? 'text-muted' : 'text-danger'}`}>
                {about.sidecar.problem ?? 'beside it, by you or another program; what it says counts as said by the file'}
              </span>
            </span>
          )}
        </dd>
      </dl>
      <OriginalLink photo={photo} className="mt-1 h-9 gap-2 self-start bg-raised px-4 text-sm font-medium hover:bg-line">
        <Download className="size-4" aria-hidden />
        Download original
      </OriginalLink>
    </FactSection>
  )
}

function Place({ about }: { readonly about: NonNullable<PhotoDetail['metadata']> }) {
  const { latitude, longitude, altitude_m } = about
  const called = [about.city, about.country].filter((part) => part).join(', ')
  if (latitude === null || longitude === null) return called
  return (
    <>
      {called !== '' && <span className="block">{called}</span>}
      <span className="block tabular-nums">{formatPlace(latitude, longitude)}</span>
      {altitude_m !== null && <span className="block text-muted">{Math.round(altitude_m)} m above sea</span>}
      <Link
        to="/explore/places/near/$circle"
        params={{ circle: `${latitude.toFixed(5)},${longitude.toFixed(5)},${NEAR_KM}` }}
        className="mt-1 inline-flex min-h-9 items-center gap-1.5 text-accent hover:underline"
      >
        <MapPin className="size-4" aria-hidden />
        Near here
      </Link>
    </>
  )
}

/** The wall clock where it was taken, with its zone where the file says it. */
function writeTaken(photo: PhotoDetail): string {
  const local = photo.taken_local ?? photo.taken_at
  if (!local) return ''
  const [day = '', clock = ''] = local.split('T')
  const zone = photo.taken_zone ?? (photo.taken_local ? '' : 'UTC')
  return [day, clock.slice(0, 8).replace(/:00$/, ''), zone].filter((part) => part !== '').join(' ')
}

function writeSize(photo: PhotoDetail): string {
  const pixels = photo.width && photo.height ? `${photo.width} × ${photo.height}` : ''
  const mega = photo.width && photo.height ? (photo.width * photo.height) / 1e6 : 0
  return [pixels, mega >= 1 ? `${mega.toFixed(1)} MP` : '', formatBytes(photo.bytes), photo.format?.toUpperCase() ?? '']
    .filter((part) => part !== '')
    .join(' · ')
}
