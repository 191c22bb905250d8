/**
 * @file The built-in object and face finders: COCO-80 by CenterNet, faces by face-api's networks, on tfjs WASM in one thread.
 * Both share the thread and its heap; it ends when the last of the two is closed.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { clampBox } from '../../../domain/geometry.ts'
import type { Picture, Pixels } from '../../../media/picture.ts'
import type { FaceFinder, FoundFace, FoundObject, ModelInfo, ObjectFinder } from '../../capability.ts'
import { WorkerModel } from '../../worker-model.ts'
import { rateFace, rateFrontality, rateSize } from './face-quality.ts'
import { chooseShape, fitShape } from './letterbox.ts'
import { FACES, OBJECTS } from './tuning.ts'
import type { DescribedFace, DetectedFace, FaceRegion, Look, VisionFolders } from './worker.ts'

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

/** The packages' `exports` hide their models: the main file leads to the folder beside it. */
function findFolders(): VisionFolders {
  const require = createRequire(import.meta.url)
  const beside = (name: string, folder: string) => join(dirname(require.resolve(name)), '..', folder)
  return { human: beside('@vladmandic/human', 'models'), faceApi: beside('@vladmandic/face-api', 'model') }
}

/** @param folders where the weights lie; the npm packages' by default */
export function createVisionModels(folders: Partial<VisionFolders> = {}): { objects: ObjectFinder; faces: FaceFinder } {
  const thread = new WorkerModel(new URL('./worker.ts', import.meta.url), { ...findFolders(), ...folders })
  const users = new Set(['objects', 'faces'])
  const release = async (user: string) => {
    if (users.delete(user) && users.size === 0) await thread[Symbol.asyncDispose]()
  }
  return {
    objects: {
      info: OBJECT_FINDER_INFO,
      async findObjects(picture, { signal } = {}) {
        const looks = await Promise.all(OBJECTS.looks.map((shapes) => lookAt(picture, shapes)))
        return thread.call<FoundObject[]>('findObjects', [looks], { signal })
      },
      [Symbol.asyncDispose]: () => release('objects'),
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
        const regions = await Promise.all(detected.map((face) => cutRegion(picture, face)))
        const described = await thread.call<(DescribedFace | null)[]>('describeFaces', [regions.map(({ region }) => region)], { signal })
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

async function lookAt(picture: Picture, shapes: Parameters<typeof chooseShape>[2]): Promise<Look> {
  const shape = chooseShape(picture.base.width, picture.base.height, shapes)
  return { pixels: own(await fitShape(picture, shape)), shape }
}

interface PlacedRegion {
  readonly region: FaceRegion
  /** from pixels of the region to fractions of the picture */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The face with its surroundings, from a size of the picture in which it is large enough and no larger than useful. */
async function cutRegion(picture: Picture, { box, score }: DetectedFace): Promise<PlacedRegion> {
  const faceShare = Math.max((box.width * picture.base.width) / Math.max(picture.base.width, picture.base.height), 1e-6)
  const needed = FACES.regionFacePx / faceShare
  const level = FACES.levels.find((side) => side >= needed)
  const source = level === undefined ? picture.base : await picture.fit(level)
  const face = { x: box.x * source.width, y: box.y * source.height, width: box.width * source.width, height: box.height * source.height }
  const size = Math.max(face.width, face.height) * FACES.regionSize
  const left = Math.max(0, Math.floor(face.x + face.width / 2 - size / 2))
  const top = Math.max(0, Math.floor(face.y + face.height / 2 - size / 2))
  const right = Math.min(source.width, Math.max(left + 1, Math.ceil(face.x + face.width / 2 + size / 2)))
  const bottom = Math.min(source.height, Math.max(top + 1, Math.ceil(face.y + face.height / 2 + size / 2)))
  return {
    region: {
      pixels: cutPixels(source, left, top, right - left, bottom - top),
      score,
      face: { ...face, x: face.x - left, y: face.y - top },
    },
    left: left / source.width,
    top: top / source.height,
    width: source.width,
    height: source.height,
  }
}

function toFace(picture: Picture, face: DetectedFace, placed: PlacedRegion, description: DescribedFace): FoundFace {
  const quality = rateFace({
    size: rateSize(Math.min(face.box.width * picture.width, face.box.height * picture.height)),
    sharpness: description.sharpness,
    frontality: rateFrontality(description.points),
  })
  return {
    box: clampBox(face.box),
    confidence: description.confidence,
    landmarks: description.points.map(({ x, y }) => ({ x: placed.left + x / placed.width, y: placed.top + y / placed.height })),
    quality,
    vector: description.vector,
  }
}

function cutPixels(source: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * source.width + left) * 3
    data.set(source.data.subarray(from, from + width * 3), row * width * 3)
  }
  return { width, height, channels: 3, data }
}

/** A view on a larger buffer would be cloned with all of it. */
function own(pixels: Pixels): Pixels {
  const isWhole = pixels.data.byteLength === pixels.data.buffer.byteLength
  return { width: pixels.width, height: pixels.height, channels: 3, data: isWhole ? pixels.data : Uint8Array.from(pixels.data) }
}
