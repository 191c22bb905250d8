/** @file How far a made picture shows the product as it was. */
import { z } from 'zod'

export const Redraw = z.object({
  shift: z.object({ x: z.number(), y: z.number() }).describe('in pixels'),
  scale: z.number(),
  degrees: z.number().describe('degrees clockwise'),
  light: z.array(z.number()).length(3).describe('gain of red, green, and blue; 1: unchanged'),
  difference: z.number().describe('mean of the product’s pixels once place and light are taken out, 0–255'),
  worst: z.number().describe('the same in the worst spot, as large as a small stone, 0–255'),
  thin: z.number().describe('share of the product that is too thin to compare, 0–1'),
})
export type Redraw = z.infer<typeof Redraw>

export const Fidelity = z.object({
  pixels: z.number().int().describe('number of product pixels, all inside its outline'),
  mean: z.number().describe('mean difference of the product’s pixels before and after, 0–255'),
  most: z.number().int().describe('largest difference of one channel'),
  changed: z.number().describe('share of pixels that differ by more than 8 of 255'),
  drift: z
    .number()
    .nullable()
    .describe(
      'mean difference (0–255) between the model’s drawing of the product and the photo, before the photo’s pixels were put back; null: the model drew no product',
    ),
  redraw: Redraw.nullish().describe('how the model drew the product before the photo’s pixels were put back; null: it drew none'),
})
export type Fidelity = z.infer<typeof Fidelity>
