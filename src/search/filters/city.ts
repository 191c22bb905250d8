/** @file Filter `city`: taken in any of these cities. */
import { anyOfMetadata, type Filter } from './filter.ts'

export const city: Filter<'city'> = anyOfMetadata('city')
