/** @file Sizes and thresholds of downloaded face models, each with its source. */
import type { Point } from '../../../domain/geometry.ts'

export const FACES = {
  /** The detector’s input where it takes any size: faces from about 10 px there. InsightFace runs 640 × 640; shapes near the picture’s waste less. */
  look: { landscape: { width: 640, height: 480 }, square: { width: 544, height: 544 }, portrait: { width: 480, height: 640 } },
  /** InsightFace’s own threshold for SCRFD; OpenCV’s demonstration of YuNet takes .6 of its (geometric mean) score. */
  minScore: { scrfd: 0.5, yunet: 0.6 },
  /** InsightFace’s overlap for suppression. */
  sameFace: 0.4,
  /** As for the built-in faces: smaller ones carry nothing to recognise, and crowds have hundreds of them. */
  minWidthPx: 14,
  maxFaces: 100,
  /** A crop of 112 px shows a face about 85 px wide; a turned one needs twice its size around it. */
  region: { levels: [640, 1440], facePx: 110, size: 2.2 },
  /** Faces per run where the network takes several. */
  batch: 4,
  /**
   * Cosine distance, the middle of the gap on the 300 pairs of faces/pairs.csv with ArcFace MobileFaceNet: one person at most .565 (SCRFD)
   * and .553 (YuNet), two at least .747 and .758. Larger ArcFace networks keep people further apart; none could be measured here.
   */
  samePersonBelow: 0.66,
} as const

/** ArcFace’s input: [n, 3, 112, 112] RGB, (x − 127.5) / 127.5. */
export const ARCFACE_SIDE = 112
/** Where ArcFace wants eyes, nose tip and mouth corners, in pixels of its input (InsightFace, `face_align.py`). */
export const ARCFACE_POINTS: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
]
