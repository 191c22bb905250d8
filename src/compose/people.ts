/** @file People: the lane that puts faces to them, and what persons do with them. */
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { FaceAssigner } from '../group/people/face-assigner.ts'
import { createPeople } from '../group/people/people.ts'
import { ensureFacePicture } from '../media/face-picture.ts'
import type { LibraryBlobs } from '../storage/library-blobs.ts'
import type { Signals } from './signals.ts'

export function composePeople(
  { renditions }: Pick<LibraryBlobs, 'renditions'>,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  outages: Outages,
) {
  const faceAssigner = stack.use(new FaceAssigner({ db, log, outages, onPlaced: signals.factsChanged.emit }))
  signals.photoDone.listen(() => faceAssigner.wake())
  const people = createPeople({
    db,
    wake: signals.factsChanged.emit,
    wakeFaceAssigner: () => faceAssigner.wake(),
    anew: () => faceAssigner.anew(),
    facePicture: ({ sha256, box }) => ensureFacePicture(renditions, sha256, box),
  })
  return { faceAssigner, people }
}
