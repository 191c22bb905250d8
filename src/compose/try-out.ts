/** @file A model tried on a photo, with the photos nearest to it where the model gives a vector. */
import { childEnvironment } from '../config/load.ts'
import type { OpenDatabase } from '../db/client.ts'
import { mayBeSeen } from '../db/visible.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { Services } from '../http/services.ts'
import { readPhotoCards } from '../library/store-photos.ts'
import { createTryOut } from '../pipeline/try-out.ts'
import { findByVector, readSpace } from '../search/store-vector.ts'
import type { Analysis } from './analysis.ts'

/** Shown side by side with those of another model. */
const NEAREST_SHOWN = 12

interface TryOutNeeds extends Pick<Analysis, 'models' | 'steps' | 'optionsWith'> {
  readonly ingest: Pick<Analysis['ingest'], 'locate'>
  readonly spaces: Pick<Analysis['spaces'], 'list'>
}

export function composeTryOut({ db }: OpenDatabase, log: Log, analysis: TryOutNeeds): Services['tryModel'] {
  const { models, ingest, spaces, steps, optionsWith } = analysis
  const { tryOut } = createTryOut({
    db,
    log,
    models,
    analyserOptions: optionsWith,
    timeoutOf: (step) => steps[step].timeoutMs,
    environment: childEnvironment(),
    locate: (photoId) => ingest.locate(photoId),
  })

  const findNearest = async (sees: Visibility, spaceName: string, vector: Float32Array, photoId: number) => {
    const id = (await spaces.list()).find(({ name }) => name === spaceName)?.id
    const space = id === undefined ? undefined : await readSpace(db, { id })
    if (!space) return []
    const question = {
      space,
      vector,
      kept: null,
      demands: sees.allowed === null ? [] : [sees.allowed],
      maxPhotoId: 2 ** 31 - 1,
      exceptId: photoId,
    }
    const found = (await findByVector(db, question)).slice(0, NEAREST_SHOWN)
    const cards = await readPhotoCards(
      db,
      sees,
      found.map(({ id }) => id),
    )
    const byId = new Map(cards.map((card) => [card.id, card]))
    return found.flatMap(({ id, distance }) => {
      const photo = byId.get(id)
      return photo ? [{ photo, cosine_distance: distance ?? 0 }] : []
    })
  }

  return async (sees, name, photoId) => {
    if (!(await mayBeSeen(db, sees, photoId))) throw new FototecaError('not_found', `there is no photo ${photoId}`)
    const tried = await tryOut(name, photoId)
    const answer = { model: name, task: tried.task, ms: Math.round(tried.ms), tags: [], things: [], nearest: [], notice: null }
    if (tried.task === 'tag') return { ...answer, tags: tried.labels.map(({ tag, confidence }) => ({ tag, confidence })) }
    if (tried.task === 'detect')
      return { ...answer, things: tried.objects.map(({ label, confidence, box }) => ({ label, confidence, box })) }
    if (tried.task === 'faces') return { ...answer, things: tried.faces.map(({ confidence, box }) => ({ label: 'face', confidence, box })) }
    const { space, vector } = tried.embedding
    const nearest = await findNearest(sees, space.name, vector, photoId)
    const notice = nearest.length > 0 ? null : 'No other photo is in its space yet; choose it, and its space is filled.'
    return { ...answer, nearest, notice }
  }
}
