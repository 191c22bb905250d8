/** @file The vision thread: objects and faces, each network loaded at its first use. */
import type { Box } from '../../../domain/geometry.ts'
import type { Pixels } from '../../../media/picture.ts'
import type { FoundObject } from '../../ports/capability.ts'
import { chooseShape, layInto, type Shape, toPictureBox } from '../../vision/letterbox.ts'
import { shrink } from '../../vision/shrink.ts'
import { serveModel } from '../../workers/worker-model.ts'
import { look as lookWith } from './centernet.ts'
import { OBJECT_LABELS } from './coco-labels.ts'
import { convertAnew, ensureNetworks } from './convert/ensure-networks.ts'
import type { NetworkName, VisionFolders } from './convert/networks.ts'
import { describeFaces } from './describe-faces.ts'
import type { DescribedFace, RegionToDescribe } from './described-face.ts'
import { PICTURE_FEATURES } from './features.ts'
import { fuseObjects, type SeenObject } from './fuse-objects.ts'
import { type Network, openNetwork } from './run-network.ts'
import { findFaceCandidates, readAnchors } from './ssd-face-detector.ts'
import { findTinyFaces } from './tiny-face-detector.ts'
import { FACES, OBJECTS } from './tuning.ts'

/** A picture laid out for one network input. */
export interface Look {
  readonly pixels: Pixels
  readonly shape: Shape
}
/** What the detector makes of a picture. */
export interface SeenPicture {
  readonly objects: FoundObject[]
  /** as `poolFeatures` says; empty where they are not wanted */
  readonly features: Float32Array<ArrayBuffer>
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
  const files = await ensureNetworks(folders)
  const network = (name: NetworkName): (() => Promise<Network>) =>
    lazy(() =>
      openNetwork(files, name).catch(async () => {
        await convertAnew(folders) // its file was cut or removed
        return openNetwork(files, name)
      }),
    )
  const centernet = network('centernet')
  const tiny = network('tiny')
  const ssd = network('ssd')
  const anchors = lazy(() => readAnchors(folders.faceApi))
  const landmarks = network('landmarks')
  const mesh = network('mesh')
  const descriptor = network('descriptor')

  return {
    async see(looks: readonly Look[], wantsFeatures: boolean): Promise<SeenPicture> {
      const seen: SeenObject[] = []
      let features = new Float32Array(0)
      for (const [look, { pixels, shape }] of looks.entries()) {
        const image = { pixels: layInto(pixels, shape), ...shape }
        const isPooled = wantsFeatures && look === PICTURE_FEATURES.look
        const { peaks, features: own } = await lookWith(await centernet(), image, OBJECTS.minPeak, isPooled ? pixels : null)
        if (isPooled) features = own
        for (const { label, score, edges } of peaks) {
          const box = toPictureBox(edges, shape, pixels)
          if (box.width > 0 && box.height > 0) seen.push({ label, score, box, look })
        }
      }
      const objects = fuseObjects(seen, looks.length, OBJECTS.sameBox)
        .filter(({ score }) => score >= OBJECTS.minConfidence)
        .slice(0, OBJECTS.maxObjects)
        .map(({ label, score, box }) => ({ label: OBJECT_LABELS[label] as string, confidence: score, box }))
      return { objects, features }
    },

    /** The cheap look first; the detector runs only where that saw something, and closely only where it saw something small. */
    async detectFaces({ pixels, shape }: Look): Promise<DetectedFace[]> {
      const image = { pixels: Float32Array.from(layInto(pixels, shape)), ...shape }
      const hints = await findTinyFaces(await tiny(), image, FACES.gate.minScore)
      if (hints.length === 0) return []
      const longSide = Math.max(shape.width, shape.height)
      const isClose = hints.every(
        ({ edges: [left, top, right, bottom] }) =>
          Math.max((right - left) * shape.width, (bottom - top) * shape.height) >= FACES.close.minFace * longSide,
      )
      const look = isClose ? shrink(image, chooseShape(shape.width, shape.height, FACES.close.look)) : image
      const candidates = await findFaceCandidates(await ssd(), await anchors(), look, FACES.detector.minScore)
      const seen = candidates.map(({ score, edges }) => ({ label: 0, look: 0, score, box: toPictureBox(edges, shape, pixels) }))
      return fuseObjects(
        seen.filter(({ box }) => box.width > 0 && box.height > 0),
        1,
        FACES.detector.sameFace,
      ).slice(0, FACES.maxFaces)
    },

    async describeFaces(regions: readonly RegionToDescribe[]): Promise<(DescribedFace | null)[]> {
      const networks = { landmarks: await landmarks(), descriptor: await descriptor(), mesh: await mesh() }
      const described: (DescribedFace | null)[] = []
      for (let start = 0; start < regions.length; start += FACES.batch)
        described.push(...(await describeFaces(networks, regions.slice(start, start + FACES.batch))))
      return described
    },
  }
})
