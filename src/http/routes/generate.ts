/** @file The handlers of `contract/routes/generate.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { GENERATE_ROUTES } from '../../contract/routes/generate.ts'
import { generateImagesD } from '../described/generate-images-d.ts'
import type { HandlersOf } from '../handler.ts'
import { getGenerated, getGenerationZip } from './generate/bytes.ts'

export const generateHandlers = {
  getGenerationOptions: ({ services }) => services.generations.options(),
  listGenerations: async ({ query, services }) => ({
    generations: await services.generations.list(query.limit),
  }),
  startGeneration: ({ actor, body, services }) => services.generations.start(actor.sees, body),
  startInspiration: ({ actor, body, services }) => services.generations.inspire(actor.sees, body),
  getGeneration: ({ params, services }) => services.generations.read(params.id),
  cancelGeneration: ({ params, services }) => services.generations.cancel(params.id),
  getGenerationZip,
  getGenerated,
  redoGenerated: ({ params, services }) => services.generations.redo(params.id),
  resumeGeneration: ({ params, body, services }) => services.generations.resume(params.id, body.budget),
  reviewGenerated: ({ params, body, services }) => services.generations.review(params.id, body.verdict),
  generateImagesD,
} satisfies HandlersOf<typeof GENERATE_ROUTES>
