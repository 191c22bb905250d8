/**
 * @file Photos of two people, several of each, made of the project’s pictures by cropping, turning, mirroring, and saving again; and of
 * each one that is too unlike the others to be put there unasked.
 */
import sharp, { type Sharp } from 'sharp'
import { groupPath, photoPath } from './pictures.ts'

/** a square of the picture, in pixels */
interface Square {
  readonly left: number
  readonly top: number
  readonly side: number
}
const cut = (path: string, { left, top, side }: Square): Sharp => sharp(path).extract({ left, top, width: side, height: side })
const astronaut = () => cut(photoPath('astronaut'), { left: 60, top: 0, side: 330 })
/** the woman at the right of one group … */
const woman = () => cut(groupPath(1), { left: 1362, top: 122, side: 412 })
/** … who is the one in the middle of another */
const womanElsewhere = () => cut(groupPath(3), { left: 930, top: 124, side: 488 })
/** A face made so wide lies at 0.5 to 0.57 from its own others: asked about (up to 0.6), not joined (up to 0.45). */
const widen = (picture: Sharp): Sharp => picture.resize(600, 350, { fit: 'fill' })
const GREY = { background: '#888' }

/** JPEGs of the same person each: at distances up to 0.25, where 0.45 joins. Two people lie at 0.7. */
export const PORTRAITS = {
  astronaut: [
    () => sharp(photoPath('astronaut')),
    () => astronaut().resize(640).modulate({ brightness: 1.15 }),
    () => astronaut().rotate(6, GREY).resize(600),
    () => astronaut().flop().modulate({ brightness: 0.85 }).resize(500),
  ],
  woman: [
    () => woman().resize(600),
    () => woman().flop().modulate({ brightness: 1.1 }).resize(500),
    () => woman().rotate(5, GREY).resize(640),
  ],
} as const
export const DOUBTFUL = { astronaut: () => widen(astronaut()), woman: () => widen(womanElsewhere()) } as const
