/** @file The handlers of `contract/routes/models.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { MODEL_ROUTES } from '../../contract/routes/models.ts'
import type { HandlersOf } from '../handler.ts'

export const modelHandlers = {
  listModels: async ({ services }) => ({ models: await services.models.list() }),
  pullModel: ({ body, services }) =>
    services.models.pull(body.name, { isAccepted: body.accept_licence, isChangeAccepted: body.accept_changed }),
  useModel: ({ body, services }) => services.models.use(body.name),
  importModel: ({ body, services }) => services.models.importFolder(body.path, body.name, body.accept_licence),
  measureModel: ({ body, services }) => services.models.measure(body.name),
  tryModel: ({ actor, services, params, body }) => services.tryModel(actor.sees, params.name, body.photo),
  removeModel: async ({ params, services }) => {
    await services.models.remove(params.name)
    return { deleted: params.name }
  },
  listSpaces: async ({ services }) => ({ spaces: await services.spaces.list() }),
  useSpace: ({ params, services }) => services.spaces.use(params.id),
  rollBackSpace: ({ services }) => services.spaces.rollBack(),
  pauseSpace: ({ params, services }) => services.spaces.pause(params.id),
  resumeSpace: ({ params, services }) => services.spaces.resume(params.id),
  dropSpace: ({ params, services }) => services.spaces.drop(params.id),
} satisfies HandlersOf<typeof MODEL_ROUTES>
