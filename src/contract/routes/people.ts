/** @file People and their faces. */
import { z } from 'zod'
import { PeopleAction, PeopleActionReport, PeopleAnswer, PeopleQuery, PersonFace, PersonReport, QuestionsAnswer } from '../people.ts'
import { byId, paging, type Route, version } from './route.ts'

export const PEOPLE_ROUTES = {
  listPeople: { method: 'GET', path: '/api/people', tag: 'groups', access: 'member', summary: 'People with a name; or those without one, or the hidden ones', query: PeopleQuery, answer: PeopleAnswer },
  getPerson: { method: 'GET', path: '/api/people/:id', tag: 'groups', access: 'member', summary: 'One person; of one that was merged, the person it was merged into', params: byId, answer: PersonReport },
  listPersonFaces: { method: 'GET', path: '/api/people/:id/faces', tag: 'groups', access: 'member', summary: 'The faces of a person with their photos, newest first', params: byId, query: paging, answer: z.object({ faces: z.array(PersonFace), total: z.number().int() }) },
  actOnPeople: { method: 'POST', path: '/api/people/actions', tag: 'groups', access: 'member', summary: 'Name, merge, move faces, say who they are not, hide, choose the cover; each can be undone', body: PeopleAction, answer: PeopleActionReport },
  listQuestions: { method: 'GET', path: '/api/people/questions', tag: 'groups', access: 'member', summary: '“Is this …?”, the most useful first', query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), person: byId.shape.id.optional().describe('about this person only') }), answer: QuestionsAnswer },
  answerQuestion: { method: 'POST', path: '/api/people/questions/:id', tag: 'groups', access: 'member', summary: 'Yes, no, or not now', params: byId, body: z.object({ answer: z.enum(['yes', 'no', 'skip']) }), answer: PeopleActionReport },
  clusterPeople: { method: 'POST', path: '/api/people/cluster', tag: 'groups', access: 'member', summary: 'Dissolve the clusters nobody said anything about and make them anew, in the background', answer: z.object({ faces: z.number().int() }) },
  getFacePicture: { method: 'GET', path: '/api/faces/:id/picture', tag: 'groups', access: 'member', cache: 'versioned', summary: 'WebP, 256 px: the face with a little around it', limit: 'picture', params: byId, query: version, answer: 'picture' },
} as const satisfies Record<string, Route> // biome-ignore format: a table
