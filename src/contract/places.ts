/** @file Where photos were taken: their positions for a map, and the places they name. */
import { z } from 'zod'
import { Id } from './photo.ts'

export const PointsAnswer = z.object({
  ids: z.array(z.number().int()).describe('ids of photos with a position, ascending'),
  latitudes: z.array(z.number().int()).describe('of each photo, in hundred-thousandths of a degree'),
  longitudes: z.array(z.number().int()).describe('of each photo, in hundred-thousandths of a degree'),
})
export type PointsAnswer = z.infer<typeof PointsAnswer>

export const PlaceReport = z.object({
  country: z.string().describe('English name'),
  city: z.string().nullable().describe('null: photos of the country outside any city'),
  count: z.number().int(),
  photo_id: Id.describe('the photo added last, as a cover'),
  latitude: z.number().describe('mean of its photos, in degrees'),
  longitude: z.number().describe('degrees east'),
})
export type PlaceReport = z.infer<typeof PlaceReport>
