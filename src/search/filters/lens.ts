/** @file Filter `lens`: taken through any of these lenses. */
import { anyOfMetadata, type Filter } from './filter.ts'

export const lens: Filter<'lens'> = anyOfMetadata('lens')
