/** @file POST /api/vocabulary */
import type { Handler } from '../../handler.ts'

export const addWord: Handler<'addWord'> = ({ body, services }) => services.words.add(body)
