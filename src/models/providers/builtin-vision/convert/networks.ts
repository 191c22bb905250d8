/** @file Every built-in network of objects and faces: where its weights come from and how it becomes ONNX. */
import { convertDescriptor, convertLandmarks, convertSsd, convertTiny } from './face-networks.ts'
import { convertGraph } from './tfjs-graph.ts'
import { readGraph, readWeights } from './tfjs-weights.ts'

/** Folders of the npm packages that bring the weights. */
export interface WeightFolders {
  /** `models` of @vladmandic/human */
  readonly human: string
  /** `model` of @vladmandic/face-api */
  readonly faceApi: string
}
export interface VisionFolders extends WeightFolders {
  /** where the converted networks are kept, in a folder of their own for each version */
  readonly converted: string
}

interface Network {
  readonly from: keyof WeightFolders
  /** its weights there; when they change, it is converted anew */
  readonly file: string
  readonly convert: (dir: string) => Promise<Uint8Array>
}

export const NETWORKS = {
  centernet: {
    from: 'human',
    file: 'centernet.bin',
    // cut before the peaks are picked, which is done outside; what follows `reach` is for `features.ts`
    convert: async (dir) =>
      convertGraph(await readGraph(dir, 'centernet'), { name: 'image', type: 'uint8', dims: [1, 'h', 'w', 3] }, [
        { node: 'tower_0/keypoints', name: 'heat', dims: [1, 80, 'h4', 'w4'] },
        { node: 'tower_0/wh', name: 'reach', dims: [1, 4, 'h4', 'w4'] },
        { node: 'tower_0/keypoints', name: 'peak', dims: [1, 80, 1, 1], pool: 'max' },
        { node: 'tower_0/keypoints', name: 'area', dims: [1, 80, 1, 1], pool: 'average' },
        { node: 'tower_0/extern1/hard_swish/mul_1', name: 'back', dims: [1, 480, 'h32', 'w32'] },
        { node: 'tower_0/MobilenetV3/expanded_conv_14/depthwise/hard_swish/mul_1', name: 'wide', dims: [1, 720, 'h32', 'w32'] },
        { node: 'tower_0/CenternetHead/Relu', name: 'seen', dims: [1, 256, 'h16', 'w16'] },
      ]),
  },
  mesh: {
    from: 'human',
    file: 'facemesh.bin',
    // only its face flag is used: what makes the mesh itself is left out
    convert: async (dir) =>
      convertGraph(await readGraph(dir, 'facemesh'), { name: 'faces', type: 'float32', dims: ['n', 192, 192, 3], scale: 1 / 255 }, [
        { node: 'StatefulPartitionedCall/model_1/activation_1/Sigmoid', name: 'flag', dims: ['n', 1, 1, 1] },
      ]),
  },
  ssd: {
    from: 'faceApi',
    file: 'ssd_mobilenetv1_model.bin',
    convert: async (dir) => convertSsd(await readWeights(dir, 'ssd_mobilenetv1')),
  },
  tiny: {
    from: 'faceApi',
    file: 'tiny_face_detector_model.bin',
    convert: async (dir) => convertTiny(await readWeights(dir, 'tiny_face_detector')),
  },
  landmarks: {
    from: 'faceApi',
    file: 'face_landmark_68_model.bin',
    convert: async (dir) => convertLandmarks(await readWeights(dir, 'face_landmark_68')),
  },
  descriptor: {
    from: 'faceApi',
    file: 'face_recognition_model.bin',
    convert: async (dir) => convertDescriptor(await readWeights(dir, 'face_recognition')),
  },
} as const satisfies Record<string, Network>

export type NetworkName = keyof typeof NETWORKS
export const NETWORK_NAMES = Object.keys(NETWORKS) as NetworkName[]
