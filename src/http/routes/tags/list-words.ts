/** @file GET /api/vocabulary/words */
import type { Handler } from '../../handler.ts'

export const listWords: Handler<'listWords'> = ({ query, services }) => services.words.find(query)
