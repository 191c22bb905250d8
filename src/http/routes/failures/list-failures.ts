/** @file GET /api/failures */
import type { Handler } from '../../handler.ts'

export const listFailures: Handler<'listFailures'> = async ({ services }) => {
  const { photos, groups } = await services.pipeline.failures()
  const cards = new Map((await services.library.cards(groups.flatMap((group) => group.examples))).map((card) => [card.id, card]))
  return { photos, groups: groups.map((group) => ({ ...group, examples: group.examples.flatMap((id) => cards.get(id) ?? []) })) }
}
