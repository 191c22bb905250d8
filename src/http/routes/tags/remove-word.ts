/** @file DELETE /api/vocabulary/:word */
import type { Handler } from '../../handler.ts'

export const removeWord: Handler<'removeWord'> = ({ params, services }) => services.words.remove(params.word)
