/** @file PATCH /api/vocabulary/:word */
import type { Handler } from '../../handler.ts'

export const setThreshold: Handler<'setThreshold'> = ({ params, body, services }) =>
  services.words.setThreshold(params.word, body.threshold)
