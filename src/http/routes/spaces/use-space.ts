/** @file POST /api/spaces/:id/use */
import type { Handler } from '../../handler.ts'

export const useSpace: Handler<'useSpace'> = ({ params, services }) => services.spaces.use(params.id)
