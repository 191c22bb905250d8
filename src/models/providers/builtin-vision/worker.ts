/** @file The vision thread: objects and faces on one WASM heap, each network loaded at its first use. */

import * as tf from '@tensorflow/tfjs-core'
import type { Box } from '../../../domain/geometry.ts'
import type { Pixels } from '../../../media/picture.ts'
import type { FoundObject } from '../../capability.ts'
import { chooseShape, layInto, type Shape, toPictureBox } from '../../vision/letterbox.ts'
import { serveModel } from '../../workers/worker-model.ts'
import { findPeaks, openCenternet } from './centernet.ts'
import { OBJECT_LABELS } from './coco-labels.ts'
import { describeFaces } from './describe-faces.ts'
import type { DescribedFace, RegionToDescribe } from './described-face.ts'
import { openMesh } from './face-mesh.ts'
import { openDescriptor, openLandmarks } from './face-nets.ts'
import { fuseObjects, type SeenObject } from './fuse-objects.ts'
import { startBackend } from './runtime.ts'
import { type FaceCandidate, findFaceCandidates, openSsd } from './ssd-face-detector.ts'
import { findTinyFaces, openTiny } from './tiny-face-detector.ts'
import { FACES, OBJECTS } from './tuning.ts'

export interface VisionFolders {
  /** `models` of @vladmandic/human */
  readonly human: string
  /** `model` of @vladmandic/face-api */
  readonly faceApi: string
}
/** A picture laid out for one network input. */
export interface Look {
  readonly pixels: Pixels
  readonly shape: Shape
}
export interface DetectedFace {
  readonly score: number
  readonly box: Box
}

/** Loads once; a failed load is tried again at the next use. */
function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined
      throw error
    })
    return loaded
  }
}

serveModel(async (folders: VisionFolders) => {
  await startBackend()
  const centernet = lazy(() => openCenternet(folders.human))
  const tiny = lazy(() => openTiny(folders.faceApi))
  const ssd = lazy(() => openSsd(folders.faceApi))
  const landmarks = lazy(() => openLandmarks(folders.faceApi))
  const mesh = lazy(() => openMesh(folders.human))
  const descriptor = lazy(() => openDescriptor(folders.faceApi))

  return {
    async findObjects(looks: readonly Look[]): Promise<FoundObject[]> {
      const model = await centernet()
      const seen: SeenObject[] = []
      looks.forEach(({ pixels, shape }, look) => {
        const peaks = withImage(pixels, shape, (image) => findPeaks(model, image, OBJECTS.minPeak))
        for (const { label, score, edges } of peaks) {
          const box = toPictureBox(edges, shape, pixels)
          if (box.width > 0 && box.height > 0) seen.push({ label, score, box, look })
        }
      })
      return fuseObjects(seen, looks.length, OBJECTS.sameBox)
        .filter(({ score }) => score >= OBJECTS.minConfidence)
        .slice(0, OBJECTS.maxObjects)
        .map(({ label, score, box }) => ({ label: OBJECT_LABELS[label] as string, confidence: score, box }))
    },

    /** The cheap look first; the detector runs only where that saw something, and closely only where it saw something small. */
    async detectFaces({ pixels, shape }: Look): Promise<DetectedFace[]> {
      const gate = await tiny()
      const net = await ssd()
      const candidates = withImage(pixels, shape, (image) => {
        const hints = findTinyFaces(gate, image, FACES.gate.minScore)
        if (hints.length === 0) return []
        const longSide = Math.max(shape.width, shape.height)
        const isClose = hints.every(
          ({ edges: [left, top, right, bottom] }) =>
            Math.max((right - left) * shape.width, (bottom - top) * shape.height) >= FACES.close.minFace * longSide,
        )
        if (!isClose) return findFaceCandidates(net, image, FACES.detector.minScore)
        const smaller = chooseShape(shape.width, shape.height, FACES.close.look)
        const shrunk = tf.image.resizeBilinear(image, [smaller.height, smaller.width])
        try {
          return findFaceCandidates(net, shrunk, FACES.detector.minScore)
        } finally {
          shrunk.dispose()
        }
      })
      const seen = candidates.map(({ score, edges }: FaceCandidate) => ({
        label: 0,
        look: 0,
        score,
        box: toPictureBox(edges, shape, pixels),
      }))
      return fuseObjects(
        seen.filter(({ box }) => box.width > 0 && box.height > 0),
        1,
        FACES.detector.sameFace,
      ).slice(0, FACES.maxFaces)
    },

    async describeFaces(regions: readonly RegionToDescribe[]): Promise<(DescribedFace | null)[]> {
      const nets = { landmarks: await landmarks(), descriptor: await descriptor(), mesh: await mesh() }
      const described: (DescribedFace | null)[] = []
      for (let start = 0; start < regions.length; start += FACES.batch)
        described.push(...describeFaces(nets, regions.slice(start, start + FACES.batch)))
      return described
    },

    async memory(): Promise<{ tensors: number; bytes: number }> {
      const { numTensors, numBytes } = tf.memory()
      return { tensors: numTensors, bytes: numBytes }
    },
  }
})

function withImage<T>(pixels: Pixels, shape: Shape, use: (image: tf.Tensor4D) => T): T {
  const image = tf.tensor4d(layInto(pixels, shape), [1, shape.height, shape.width, 3])
  try {
    return use(image)
  } finally {
    image.dispose()
  }
}
