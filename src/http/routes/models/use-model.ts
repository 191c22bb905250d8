/** @file POST /api/models/use */
import type { Handler } from '../../handler.ts'

export const useModel: Handler<'useModel'> = ({ body, services }) => services.models.use(body.name)
