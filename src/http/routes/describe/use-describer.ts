/** @file POST /api/describe/use */
import type { Handler } from '../../handler.ts'

export const useDescriber: Handler<'useDescriber'> = ({ body, services }) => services.describe.use(body)
