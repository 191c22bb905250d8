/** @file Filter `country`: taken in any of these countries. */
import { anyOfMetadata, type Filter } from './filter.ts'

export const country: Filter<'country'> = anyOfMetadata('country')
