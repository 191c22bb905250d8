/** @file /api/products/generations: what can be made, runs, their images. */
import type { Handler } from '../../handler.ts'

export const getGenerationOptions: Handler<'getGenerationOptions'> = ({ services }) => services.generations.options()
export const listGenerations: Handler<'listGenerations'> = async ({ query, services }) => ({
  generations: await services.generations.list(query.limit),
})
export const startGeneration: Handler<'startGeneration'> = ({ body, services }) => services.generations.start(body)
export const startInspiration: Handler<'startInspiration'> = ({ body, services }) => services.generations.inspire(body)
export const getGeneration: Handler<'getGeneration'> = ({ params, services }) => services.generations.read(params.id)
export const cancelGeneration: Handler<'cancelGeneration'> = ({ params, services }) => services.generations.cancel(params.id)
export const resumeGeneration: Handler<'resumeGeneration'> = ({ params, body, services }) =>
  services.generations.resume(params.id, body.budget)
export const redoGenerated: Handler<'redoGenerated'> = ({ params, services }) => services.generations.redo(params.id)
export const reviewGenerated: Handler<'reviewGenerated'> = ({ params, body, services }) =>
  services.generations.review(params.id, body.verdict)
