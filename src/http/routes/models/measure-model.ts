/** @file POST /api/models/measure */
import type { Handler } from '../../handler.ts'

export const measureModel: Handler<'measureModel'> = ({ body, services }) => services.models.measure(body.name)
