/** @file System A: POST /upload, one picture. Its tags come when it has been analysed: `wait` waits for that, and `GET /photo/{id}` tells them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { LaneReport, UploadResult } from '../../contract/library.ts'
import type { StepName } from '../../contract/words.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Call, Handler } from '../handler.ts'

type Lane = z.infer<typeof LaneReport>

/** One read of a few rows; a photo takes a third of a second at least. */
const LOOK_MS = 200

export const uploadA: Handler<'uploadA'> = async ({ actor, query, files, reply, leavePlace, services }) => {
  let first: UploadResult | undefined
  let more = 0
  for await (const file of files) {
    const result = await services.ingest.upload(file.stream, file.filename)
    if (first) more += 1
    else first = result
  }
  if (!first) throw new FototecaError('invalid', 'file: send a picture as a multipart part named `file`')
  const { id, filename, message } = first
  leavePlace()
  const standing = await waitFor(id, query.wait, { actor, reply, services })
  const [brief] = await services.library.briefsA(actor.sees, [id])
  return {
    id,
    filename,
    tags: brief?.tags ?? [],
    caption: brief?.caption ?? null,
    message: more === 0 ? message : `${message} (and ${more} more; POST /api/photos answers for each)`,
    state: standing?.state ?? 'pending',
  }
}

/** Until everything that can be found out now is known, so many seconds have passed, or the client has left. */
async function waitFor(id: number, seconds: number, { actor, reply, services }: Pick<Call<'uploadA'>, 'actor' | 'reply' | 'services'>) {
  const deadline = performance.now() + seconds * 1000
  const off =
    seconds > 0 ? (await services.pipeline.lanes()).flatMap(({ lane, state }) => (isResting(state) ? (STEPS_OF[lane] ?? []) : [])) : []
  for (;;) {
    const standing = await services.library.standing(actor.sees, id)
    const isSettled = standing?.open.every((step) => off.includes(step)) ?? true
    const left = deadline - performance.now()
    if (isSettled || left <= 0 || reply.raw.closed) return standing
    await sleep(Math.min(LOOK_MS, left))
  }
}

/** Such a lane finds nothing out for now: tags by words without a model, descriptions that are paused. */
const isResting = (state: Lane['state']) => state === 'off' || state === 'paused'
const STEPS_OF: Partial<Readonly<Record<Lane['lane'], readonly StepName[]>>> = { tag: ['tags'], describe: ['description'] }
