/** @file The handlers of `contract/routes/describe.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { DESCRIBE_ROUTES } from '../../contract/routes/describe.ts'
import type { HandlersOf } from '../handler.ts'

export const describeHandlers = {
  getDescribe: ({ query, services }) => services.describe[query.purpose].report(),
  useDescriber: ({ body, query, services }) => services.describe[query.purpose].use(body),
  askDescriber: ({ body, query, services }) => services.describe[query.purpose].ask(body.describer),
  pauseDescribe: ({ query, services }) => services.describe[query.purpose].pause(),
  resumeDescribe: ({ query, services }) => services.describe[query.purpose].resume(),
  cancelDescribe: ({ query, services }) => services.describe[query.purpose].cancel(),
  runDescribe: ({ actor, body, query, services }) => services.describe[query.purpose].run(actor.sees, body),
  getTextEmbedding: ({ services }) => services.texts.report(),
  listComparisons: async ({ services }) => ({ comparisons: await services.comparisons.list() }),
  startComparison: ({ actor, body, services }) => services.comparisons.start(actor.sees, body),
  getComparison: ({ actor, params, services }) => services.comparisons.get(actor.sees, params.id),
  cancelComparison: ({ params, services }) => services.comparisons.cancel(params.id),
} satisfies HandlersOf<typeof DESCRIBE_ROUTES>
