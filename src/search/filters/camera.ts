/** @file Filter `camera`: taken with any of these camera models. */
import { anyOfMetadata, type Filter } from './filter.ts'

export const camera: Filter<'camera'> = anyOfMetadata('camera_model')
