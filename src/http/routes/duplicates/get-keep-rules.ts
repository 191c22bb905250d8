/** @file GET /api/duplicates/rules */
import type { Handler } from '../../handler.ts'

export const getKeepRules: Handler<'getKeepRules'> = async ({ services }) => ({ rules: await services.duplicates.rules() })
