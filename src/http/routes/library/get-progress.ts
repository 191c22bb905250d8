/** @file GET /api/progress */
import type { Handler } from '../../handler.ts'

export const getProgress: Handler<'getProgress'> = ({ services }) => services.pipeline.progress()
