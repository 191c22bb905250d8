/** @file GET /api/rebuild */
import type { Handler } from '../../handler.ts'

export const getRebuild: Handler<'getRebuild'> = ({ services }) => services.rebuild.report()
