/** @file Step `metadata`: what the file and the sidecars beside it say (time, place, camera, words, people). Needs no pixels. */

import { dayOf, wallClockHere } from '../../../domain/metadata/taken-time.ts'
import { type PhotoMetadata, readMetadata } from '../../../media/metadata.ts'
import { readSidecars } from '../../../media/read-sidecar.ts'
import { holdOriginal, openInside } from '../../../storage/bounds.ts'
import { defineStep } from '../../step.ts'
import type { FoundMetadata } from './found-metadata.ts'
import { saveMetadata } from './store.ts'

export const metadata = defineStep<FoundMetadata>({
  name: 'metadata',
  version: 1,
  needs: [],
  // exiftool gives up a file by itself: the file and two sidecars, each to its limit
  timeoutMs: 90_000,
  async run({ file }) {
    const { path, bounds } = file
    await using held = await holdOriginal(path, bounds)
    const found = await readMetadata(held.path, file.format)
    const sidecars = await readSidecars(path, found.orientation ?? 1, (beside) => openInside(beside, bounds))
    return { ...found, ...placeInTime(found, file.modifiedMs ?? (await held.handle.stat()).mtimeMs), sidecars }
  },
  save: saveMetadata,
})

/** By the wall clock where it was taken, whatever the zone (ADR 0012). */
function placeInTime({ taken }: PhotoMetadata, modifiedMs: number): Pick<FoundMetadata, 'sortAtMs' | 'day'> {
  const sortAtMs = taken ? Date.parse(`${taken.local.replace(' ', 'T')}Z`) : wallClockHere(modifiedMs)
  return { sortAtMs, day: taken?.day ?? dayOf(sortAtMs) }
}
