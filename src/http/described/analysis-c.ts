/** @file System C: what `analyze_individual_image` returns, of a photo that was described. */
import { FototecaError } from '../../domain/errors.ts'
import type { Handler } from '../handler.ts'
import { noPhoto } from '../routes/photos/send-photo.ts'

export const analysisC: Handler<'analysisC'> = async ({ actor, params, services }) => {
  const analysis = await services.library.analysisC(actor.sees, params.id)
  if (analysis) return analysis
  if ((await services.library.sha256(actor.sees, params.id)) === undefined) throw noPhoto(params.id)
  throw new FototecaError(
    'not_found',
    `photo ${params.id} has no description yet; switch a describer on, or ask with POST /api/describe/run`,
  )
}
