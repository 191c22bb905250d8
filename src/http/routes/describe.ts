/** @file The handlers of `contract/routes/describe.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { DESCRIBE_ROUTES } from '../../contract/routes/describe.ts'
import type { HandlersOf } from '../handler.ts'

export const describeHandlers = {
  getDescribe: ({ services }) => services.describe.report(),
  useDescriber: ({ body, services }) => services.describe.use(body),
  askDescriber: ({ body, services }) => services.describe.ask(body.describer),
  pauseDescribe: ({ services }) => services.describe.pause(),
  resumeDescribe: ({ services }) => services.describe.resume(),
  cancelDescribe: ({ services }) => services.describe.cancel(),
  runDescribe: ({ actor, body, services }) => services.describe.run(actor.sees, body),
  getTextEmbedding: ({ services }) => services.texts.report(),
  listComparisons: async ({ services }) => ({ comparisons: await services.comparisons.list() }),
  startComparison: ({ actor, body, services }) => services.comparisons.start(actor.sees, body),
  getComparison: ({ actor, params, services }) => services.comparisons.get(actor.sees, params.id),
  cancelComparison: ({ params, services }) => services.comparisons.cancel(params.id),
} satisfies HandlersOf<typeof DESCRIBE_ROUTES>
