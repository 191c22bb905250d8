/** @file GET /api/people/questions */
import type { Handler } from '../../handler.ts'

export const listQuestions: Handler<'listQuestions'> = ({ query, services }) => services.people.questions(query.limit, query.person)
