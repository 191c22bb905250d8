/** @file GET /api/duplicates */
import type { Handler } from '../../handler.ts'

export const getDuplicates: Handler<'getDuplicates'> = ({ services }) => services.duplicates.overview()
