/**
 * @file The SSD MobileNet v1 face detector of `@vladmandic/face-api`, at any input size:
 * its anchors are the same at every cell, so those of the file (for 512 × 512) give those of any other shape.
 */
import { readWeights } from './convert/tfjs-weights.ts'
import type { Network, NetworkInput } from './run-network.ts'

interface Anchor {
  /** size in input pixels */
  readonly width: number
  readonly height: number
}
/** Per level: the anchors of one cell. */
export type Anchors = readonly (readonly Anchor[])[]
export interface FaceCandidate {
  readonly score: number
  /** left, top, right, bottom in fractions of the input */
  readonly edges: readonly [number, number, number, number]
}

const FILE_SIDE = 512
const FILE_LEVELS = [
  { cells: 32, perCell: 3 },
  { cells: 16, perCell: 6 },
  { cells: 8, perCell: 6 },
  { cells: 4, perCell: 6 },
  { cells: 2, perCell: 6 },
  { cells: 1, perCell: 6 },
] as const

/** The weights carry them as [5118,4] top, left, bottom, right in fractions; the middle cell of each level is not cut at the border. */
export async function readAnchors(dir: string): Promise<Anchors> {
  const file = (await readWeights(dir, 'ssd_mobilenetv1'))('Output/extra_dim').data
  let start = 0
  return FILE_LEVELS.map(({ cells, perCell }) => {
    const middle = start + (Math.floor(cells / 2) * cells + Math.floor(cells / 2)) * perCell
    start += cells * cells * perCell
    return Array.from({ length: perCell }, (_, index) => {
      const [top = 0, left = 0, bottom = 0, right = 0] = file.subarray((middle + index) * 4, (middle + index) * 4 + 4)
      return { width: (right - left) * FILE_SIDE, height: (bottom - top) * FILE_SIDE }
    })
  })
}

/** @param image one picture, float32 0–255 RGB, width and height multiples of 32. Overlapping candidates are not yet suppressed. */
export async function findFaceCandidates(
  network: Network,
  anchorsOf: Anchors,
  image: NetworkInput,
  minScore: number,
): Promise<FaceCandidate[]> {
  const { width, height } = image
  const output = await network(image)
  const candidates: FaceCandidate[] = []
  const minLogit = Math.log(minScore / (1 - minScore))
  for (const [level, anchors] of anchorsOf.entries()) {
    const { values: boxes, dims } = output(`boxes${level}`)
    const { values: classes } = output(`classes${level}`)
    const [, rows = 0, columns = 0] = dims
    for (let index = 0; index < rows * columns * anchors.length; index++) {
      const logit = classes[index * 3 + 1] ?? Number.NaN // background, face, unused
      if (!(logit >= minLogit)) continue
      const which = index % anchors.length
      const cell = (index - which) / anchors.length
      const anchor = anchors[which] as Anchor
      const column = cell % columns
      const row = (cell - column) / columns
      const [ty = 0, tx = 0, th = 0, tw = 0] = boxes.subarray(index * 4, index * 4 + 4)
      const w = Math.exp(tw / 5) * anchor.width
      const h = Math.exp(th / 5) * anchor.height
      const cx = ((column + 0.5) / columns) * width + (tx / 10) * anchor.width
      const cy = ((row + 0.5) / rows) * height + (ty / 10) * anchor.height
      const edges = [(cx - w / 2) / width, (cy - h / 2) / height, (cx + w / 2) / width, (cy + h / 2) / height] as const
      if (edges.every(Number.isFinite)) candidates.push({ score: 1 / (1 + Math.exp(-logit)), edges })
    }
  }
  return candidates
}
