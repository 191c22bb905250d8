/** @file Sizes and thresholds of the built-in vision models, each with the measurement that chose it (on the pictures of ../shared/data; eval/objects.ts and eval/faces.ts). */

export const OBJECTS = {
  /**
   * Two looks, large and small, whose scores are averaged. Image-level average precision on labelled-photos: 640 alone .803, 384 alone .761,
   * both .820 for a third more time; 640 with its mirror image .821 for twice the time.
   */
  looks: [
    { landscape: { width: 640, height: 480 }, square: { width: 544, height: 544 }, portrait: { width: 480, height: 640 } },
    { landscape: { width: 384, height: 288 }, square: { width: 320, height: 320 }, portrait: { width: 288, height: 384 } },
  ],
  /** Peaks of one look below this are not looked at. */
  minPeak: 0.08,
  /** Peaks of the same class that overlap more are the same thing, within a look and between the two. */
  sameBox: 0.5,
  /**
   * On labelled-photos, image-level: .20 gives P .76 R .72, .21 P .78 R .70, .22 P .81 R .68 (F1 .74 for all three). A wrong tag hurts more
   * than a missing one. Thresholds by class and calibration by captions were tried and made it worse (docs/quality.md).
   */
  minConfidence: 0.22,
  maxObjects: 100,
} as const

export const FACES = {
  /** The detector's input; its smallest anchors are 51 px, it finds faces from about 16 px there. */
  look: { landscape: { width: 640, height: 480 }, square: { width: 544, height: 544 }, portrait: { width: 480, height: 640 } },
  /**
   * The tiny detector decides whether the SSD runs. At .2 it let pass all 15 pictures of labelled-photos and classified-photos in which
   * SCRFD sees a face of 3 % of the picture or more, and 19 of 70 without; .15 leaves room. At 416 px it missed 7 of the 15.
   */
  gate: { minScore: 0.15 },
  /**
   * Where the tiny detector saw only faces at least this large (share of the picture's long side), the detector looks at 0.6 of the size:
   * a third of the time, and its smallest anchors still fit.
   */
  close: {
    minFace: 0.15,
    look: { landscape: { width: 384, height: 288 }, square: { width: 320, height: 320 }, portrait: { width: 288, height: 384 } },
  },
  detector: { minScore: 0.3, sameFace: 0.4 },
  /**
   * Second opinion by the face mesh. On labelled-photos, classified-photos, watches and portraits it flags every portrait above .99,
   * and large false candidates (dogs, a beetle, backs of heads) at most .08 while their score reaches .62; faces under about 50 px it
   * cannot see (0 for true and false alike).
   */
  judge: { minWidth: 50, supported: 0.3, minScore: { denied: 0.65, unseen: 0.5 } },
  /** In the original; smaller ones carry nothing to recognise and crowds have hundreds of them. */
  minWidthPx: 14,
  maxFaces: 100,
  vectorWidth: 128,
  /** Euclidean distance, the middle of the gap on the 300 pairs of faces/pairs.csv: one person at most .554, two at least .626; also the threshold of dlib, whose network it is. */
  samePersonBelow: 0.6,
  /**
   * What is handed to the descriptor: cut from the smallest size of the picture in which the face is this wide, or the largest there is;
   * a turned crop with dlib's margin needs 2.1 face sizes.
   */
  region: { levels: [640, 1440], facePx: 200, size: 2.2 },
  /** Faces per call. */
  batch: 4,
} as const
