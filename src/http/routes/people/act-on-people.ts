/** @file POST /api/people/actions */
import type { Handler } from '../../handler.ts'

export const actOnPeople: Handler<'actOnPeople'> = ({ body, services }) => services.people.act(body)
