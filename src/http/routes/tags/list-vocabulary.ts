/** @file GET /api/vocabulary */
import type { Handler } from '../../handler.ts'

export const listVocabulary: Handler<'listVocabulary'> = ({ services }) => services.words.list()
