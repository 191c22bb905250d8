/** @file Opens a face pack from its folder: SCRFD or YuNet and ArcFace in a thread, behind the interface of the built-in faces. */
import { clampBox } from '../../../domain/geometry.ts'
import type { Picture } from '../../../media/picture.ts'
import { identifyModel } from '../../install/identify-model.ts'
import type { Runtime } from '../../onnx/session.ts'
import type { FaceFinder, FoundFace, ModelInfo } from '../../ports/capability.ts'
import { rateFace, rateFrontality, rateSize } from '../../vision/face-quality.ts'
import { cutFaceRegion, ownPixels } from '../../vision/face-region.ts'
import { chooseShape, fitShape, type Shape, toPictureBox } from '../../vision/letterbox.ts'
import { suppressOverlaps } from '../../vision/suppress-overlaps.ts'
import { TEST_PICTURE } from '../../vision/test-picture.ts'
import { WorkerModel } from '../../workers/worker-model.ts'
import type { FaceCandidate } from './face-candidate.ts'
import { type FaceFolder, readFaceFolder } from './read-folder.ts'
import { ARCFACE_POINTS, FACES } from './tuning.ts'
import type { DescribedFace, FaceModelFacts, FaceToDescribe, FaceWorkerData } from './worker.ts'

export interface FacePack {
  readonly info: ModelInfo
  /** Loads the networks at the first call. The caller disposes of it. @throws FototecaError naming the file that does not work */
  open(): Promise<FaceFinder>
}

export interface FaceOptions extends Runtime {
  readonly onNotice?: (notice: string) => void
}

/** @throws FototecaError `invalid` naming the file that is missing; the networks are not loaded yet */
export async function openFacePack(folder: string, options: FaceOptions): Promise<FacePack> {
  const parts = await readFaceFolder(folder)
  const info = await identifyModel(folder, parts.files)
  return { info, open: () => openFinder(parts, info, options) }
}

async function openFinder(parts: FaceFolder, info: ModelInfo, { onNotice, ...runtime }: FaceOptions): Promise<FaceFinder> {
  const data: FaceWorkerData = { parts, runtime }
  const thread = new WorkerModel(new URL('./worker.ts', import.meta.url), data)
  try {
    const { width, shape: fixed, notice } = await thread.call<FaceModelFacts>('facts', [])
    if (notice !== null) onNotice?.(notice)
    // a recogniser that answers zeros or no numbers would make everyone one person: found here, not face by face
    await thread.call('describe', [[{ pixels: TEST_PICTURE.base, points: ARCFACE_POINTS }]])
    return {
      info,
      space: { width, metric: 'cosine', samePersonBelow: FACES.samePersonBelow },
      async findFaces(picture, { signal } = {}) {
        const shape = fixed ?? chooseShape(picture.base.width, picture.base.height, FACES.look)
        const pixels = ownPixels(await fitShape(picture, shape))
        const candidates = await thread.call<FaceCandidate[]>('detect', [pixels, shape], { signal })
        const faces = placeFaces(candidates, shape, pixels, picture)
        if (faces.length === 0) return []
        const regions = await Promise.all(faces.map(({ box }) => cutFaceRegion(picture, box, FACES.region)))
        const asked = regions.map(
          (region, index): FaceToDescribe => ({ pixels: region.pixels, points: faces[index]?.points.map(region.fromPicture) ?? [] }),
        )
        const described = await thread.call<DescribedFace[]>('describe', [asked], { signal })
        return faces.flatMap((face, index) => toFace(picture, face, described[index]) ?? [])
      },
      [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
    }
  } catch (error) {
    await thread[Symbol.asyncDispose]()
    throw error
  }
}

interface PlacedFace {
  readonly score: number
  readonly box: FoundFace['box']
  readonly points: FoundFace['landmarks']
}

/** In fractions of the picture; what lies outside, is too small to recognise, or is another’s double is left out. */
function placeFaces(
  candidates: readonly FaceCandidate[],
  shape: Shape,
  pixels: { width: number; height: number },
  picture: Picture,
): PlacedFace[] {
  const placed = candidates.flatMap(({ score, edges: [left, top, right, bottom], points }): PlacedFace[] => {
    const edges = [left / shape.width, top / shape.height, right / shape.width, bottom / shape.height] as const
    const box = toPictureBox(edges, shape, pixels)
    const isUsable = Math.min(box.width * picture.width, box.height * picture.height) >= FACES.minWidthPx
    const inPicture = points.map(({ x, y }) => ({ x: x / pixels.width, y: y / pixels.height }))
    return isUsable && inPicture.every(({ x, y }) => Number.isFinite(x + y)) ? [{ score, box, points: inPicture }] : []
  })
  return suppressOverlaps(placed, FACES.sameFace).slice(0, FACES.maxFaces)
}

function toFace(picture: Picture, { score, box, points }: PlacedFace, described: DescribedFace | undefined): FoundFace | null {
  if (!described) return null
  const frontality = rateFrontality(points.map(({ x, y }) => ({ x: x * picture.width, y: y * picture.height })))
  const size = rateSize(Math.min(box.width * picture.width, box.height * picture.height))
  return {
    box: clampBox(box),
    confidence: Math.min(1, score),
    landmarks: points,
    quality: rateFace({ size, sharpness: described.sharpness, frontality }),
    vector: described.vector,
  }
}
