/** @file What is measured of a picture on white, by the names its type asks for. */
import type { GeneratedCheck } from '../../contract/generate.ts'
import type { parseLength } from '../../domain/product/length.ts'
import type { Canvas } from '../../media/canvas.ts'
import type { CheckName } from '../image-type.ts'
import type { Placement } from './place.ts'
import { countNotWhite, measurePlace } from './white-background.ts'

interface Made {
  readonly canvas: Canvas
  readonly placement: Placement
}
type Length = ReturnType<typeof parseLength>
interface Lengths {
  readonly height: Length
  readonly width: Length
}

export const OWN_CHECKS: Readonly<Record<CheckName, (made: Made, lengths: Lengths) => GeneratedCheck>> = {
  white: ({ canvas, placement }) => {
    const notWhite = countNotWhite(canvas, placement)
    return {
      name: 'white',
      verdict: notWhite === 0 ? 'pass' : 'fail',
      says: `${notWhite} pixels around the product are not exactly 255, 255, 255`,
    }
  },
  fill: ({ canvas, placement }) => {
    const { fill } = measurePlace(canvas, placement)
    return { name: 'fill', verdict: fill >= 0.8 ? 'pass' : 'warn', says: `the product’s longer side takes ${(fill * 100).toFixed(1)} %` }
  },
  centre: ({ canvas, placement }) => {
    const { offCentre } = measurePlace(canvas, placement)
    return { name: 'centre', verdict: offCentre <= 1 ? 'pass' : 'warn', says: `${offCentre} px off the middle` }
  },
  /** Height and width as written against the product's outline: a swapped pair or a typing error shows here. */
  shape: ({ placement: { to } }, { height, width }) => {
    if (!height?.mm || !width?.mm) return { name: 'shape', verdict: 'pass', says: 'only one length with a unit was given' }
    const written = height.mm / width.mm
    const seen = to.height / to.width
    return {
      name: 'shape',
      verdict: Math.abs(Math.log(written / seen)) < Math.log(1.15) ? 'pass' : 'warn',
      says: `height to width is ${written.toFixed(2)} as written and ${seen.toFixed(2)} in the picture`,
    }
  },
}
