/** @file POST /api/people/questions/:id */
import type { Handler } from '../../handler.ts'

export const answerQuestion: Handler<'answerQuestion'> = ({ params, body, services }) => services.people.answer(params.id, body.answer)
