/** @file GET /api/text-embedding */
import type { Handler } from '../../handler.ts'

export const getTextEmbedding: Handler<'getTextEmbedding'> = ({ services }) => services.texts.report()
