/** @file POST /api/duplicates/rules */
import type { Handler } from '../../handler.ts'

export const setKeepRules: Handler<'setKeepRules'> = async ({ body, services }) => ({
  rules: await services.duplicates.setRules(body.rules),
})
