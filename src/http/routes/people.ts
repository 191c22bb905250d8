/** @file The handlers of `contract/routes/people.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { PEOPLE_ROUTES } from '../../contract/routes/people.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { HandlersOf } from '../handler.ts'
import { sendBlob } from '../send-blob.ts'

export const peopleHandlers = {
  listPeople: ({ actor, query, services }) => services.people.list(actor.sees, query),
  getPerson: ({ actor, params, services }) => services.people.get(actor.sees, params.id),
  listPersonFaces: ({ actor, params, query, services }) => services.people.faces(actor.sees, params.id, query.skip, query.limit),
  actOnPeople: ({ actor, body, services }) => services.people.act(actor, body),
  listQuestions: ({ actor, query, services }) => services.people.questions(actor.sees, query.limit, query.person),
  answerQuestion: ({ actor, params, body, services }) => services.people.answer(actor, params.id, body.answer),
  clusterPeople: async ({ services }) => ({ faces: await services.people.cluster() }),
  getFacePicture: async ({ actor, params, request, reply, services }) => {
    const key = await services.people.picture(actor.sees, params.id)
    const sent = await sendBlob(request, reply, { store: services.files.renditions, key, type: 'image/webp' })
    if (!sent) throw new FototecaError('not_found', `the picture of face ${params.id} is gone; ask again`)
    return reply
  },
} satisfies HandlersOf<typeof PEOPLE_ROUTES>
