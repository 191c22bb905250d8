/** @file Where photos were taken: their positions for a map, and the places they name. */
import { z } from 'zod'
import { Id } from './photo.ts'

export const PointsAnswer = z.object({
  ids: z.array(z.number().int()).describe('photos that have a position, by id'),
  latitudes: z.array(z.number().int()).describe('of each, in hundred-thousandths of a degree'),
  longitudes: z.array(z.number().int()).describe('of each, in hundred-thousandths of a degree'),
})
export type PointsAnswer = z.infer<typeof PointsAnswer>

export const PlaceReport = z.object({
  country: z.string().describe('its English name'),
  city: z.string().nullable().describe('null: photos of the country that lie in no city'),
  count: z.number().int(),
  photo_id: Id.describe('the one added last, to be shown for it'),
  latitude: z.number().describe('the middle of its photos'),
  longitude: z.number(),
})
export type PlaceReport = z.infer<typeof PlaceReport>
