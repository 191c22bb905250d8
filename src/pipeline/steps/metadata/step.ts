/** @file Step `metadata`: what the file says of itself (time, place, camera, words, people). Needs no pixels. */
import { type PhotoMetadata, readMetadata } from '../../../media/metadata.ts'
import { defineStep } from '../../step.ts'
import { saveMetadata } from './store.ts'

export interface FoundMetadata extends PhotoMetadata {
  /** where the photo stands in time: when it was taken, else when its file was last written */
  readonly sortAtMs: number
  /** `YYYY-MM-DD` */
  readonly day: string
}

export const metadata = defineStep<FoundMetadata>({
  name: 'metadata',
  version: 1,
  needs: [],
  async run({ photo }) {
    const found = await readMetadata(photo.originalPath, photo.format)
    return { ...found, ...placeInTime(found, photo.modifiedMs) }
  },
  save: saveMetadata,
})

/** A wall clock without a zone is taken for one of this computer’s zone: most cameras were set where their owner lives. */
function placeInTime({ taken }: PhotoMetadata, modifiedMs: number): Pick<FoundMetadata, 'sortAtMs' | 'day'> {
  if (taken) return { sortAtMs: taken.instantMs ?? new Date(taken.local.replace(' ', 'T')).getTime(), day: taken.day }
  const modified = new Date(modifiedMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return { sortAtMs: modifiedMs, day: `${modified.getFullYear()}-${two(modified.getMonth() + 1)}-${two(modified.getDate())}` }
}
