/** @file POST /api/duplicates/apply */
import type { Handler } from '../../handler.ts'

export const applyDuplicates: Handler<'applyDuplicates'> = ({ body, services }) => services.duplicates.apply(body)
