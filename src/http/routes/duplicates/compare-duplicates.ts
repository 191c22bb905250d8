/** @file POST /api/duplicates/compare */
import type { Handler } from '../../handler.ts'

export const compareDuplicates: Handler<'compareDuplicates'> = ({ services }) => services.duplicates.compareAgain()
