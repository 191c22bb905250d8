/** @file How useful a face is for recognition: its size, sharpness and how far it looks at the camera. Pure. */
import type { Point } from '../../domain/geometry.ts'

/** Faces of this width in the original (px between the eyes × 2.3) are as good as larger ones: the descriptor sees 150 px with margin. */
const FULL_SIZE_PX = 100
const MIN_SIZE_PX = 20
/** Mean absolute Laplacian of the crop's luma, 0–255: blurred faces measure 1–2, sharp ones from 5. */
const FULL_SHARPNESS = 5

export interface FaceQuality {
  readonly size: number
  readonly sharpness: number
  readonly frontality: number
}

/** The geometric mean: one bad part spoils the face, three middling ones do not. */
export function rateFace({ size, sharpness, frontality }: FaceQuality): number {
  return Math.cbrt(size * sharpness * frontality)
}

/** @param widthPx width of the face in pixels of the original */
export function rateSize(widthPx: number): number {
  return clamp((widthPx - MIN_SIZE_PX) / (FULL_SIZE_PX - MIN_SIZE_PX))
}

/** @param crop [side,side,3] 0–255, the aligned face; its middle is rated, the background is not */
export function rateSharpness(crop: Float32Array, side: number): number {
  const luma = (x: number, y: number): number => {
    const at = (y * side + x) * 3
    return 0.299 * (crop[at] ?? 0) + 0.587 * (crop[at + 1] ?? 0) + 0.114 * (crop[at + 2] ?? 0)
  }
  const from = Math.round(side * 0.2)
  const to = Math.round(side * 0.8)
  let sum = 0
  for (let y = from; y < to; y++)
    for (let x = from; x < to; x++) sum += Math.abs(4 * luma(x, y) - luma(x - 1, y) - luma(x + 1, y) - luma(x, y - 1) - luma(x, y + 1))
  return clamp(sum / (to - from) ** 2 / FULL_SHARPNESS)
}

/** 1 for a face towards the camera; falls as the nose leaves the middle between the eyes and mouth corners, or the face turns up or down. */
export function rateFrontality(points: readonly Point[]): number {
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = points
  if (!leftEye || !rightEye || !nose || !leftMouth || !rightMouth) return 0
  const eyes = { x: (leftEye.x + rightEye.x) / 2, y: (leftEye.y + rightEye.y) / 2 }
  const mouth = { x: (leftMouth.x + rightMouth.x) / 2, y: (leftMouth.y + rightMouth.y) / 2 }
  const across = { x: rightEye.x - leftEye.x, y: rightEye.y - leftEye.y }
  const down = { x: mouth.x - eyes.x, y: mouth.y - eyes.y }
  const eyeSpan = Math.hypot(across.x, across.y)
  const faceSpan = Math.hypot(down.x, down.y)
  if (!(eyeSpan > 0) || !(faceSpan > 0)) return 0
  // the nose's place along the eye line (0 = middle) and along the line from eyes to mouth (about .6 on an upright face)
  const sideways = ((nose.x - (eyes.x + mouth.x) / 2) * across.x + (nose.y - (eyes.y + mouth.y) / 2) * across.y) / eyeSpan ** 2
  const yaw = clamp(1 - Math.abs(sideways) / 0.6)
  // a face in profile has its eyes close together: mean face 1.07 times as far apart as from eyes to mouth
  const narrow = clamp(eyeSpan / faceSpan / 0.75)
  return yaw * narrow
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0
}
