/** @file GET /api/verify/problems */
import type { Handler } from '../../handler.ts'

export const listFileProblems: Handler<'listFileProblems'> = ({ query, services }) => services.verify.problems(query)
