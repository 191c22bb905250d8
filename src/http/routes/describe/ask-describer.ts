/** @file POST /api/describe/ask */
import type { Handler } from '../../handler.ts'

export const askDescriber: Handler<'askDescriber'> = ({ body, services }) => services.describe.ask(body.describer)
