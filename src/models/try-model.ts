/** @file Tries a model before it is recorded as installed: an export that does not run is found once, not at every photo. */
import { FototecaError } from '../domain/errors.ts'
import type { Picture, Pixels } from '../media/picture.ts'
import { type EmbeddingModel, openEmbeddingModel } from './providers/onnx-embedding/open-embedding-model.ts'
import type { Device } from './providers/onnx-embedding/session.ts'

/** Both towers must answer with a finite vector of one width and they are loaded one after the other, so the peak is the larger one. */
export async function tryModel(folder: string, device: Device, signal: AbortSignal): Promise<{ width: number }> {
  const model = await openEmbeddingModel(folder, { device })
  const vector = await embedTestPicture(model, signal)
  await using text = model.text()
  const query = await text.embedText('a photo', { signal })
  if (vector.length !== query.length)
    throw new FototecaError(
      'invalid',
      `${folder}: pictures give ${vector.length} numbers and texts ${query.length}; these two towers do not belong together`,
    )
  return { width: vector.length }
}

async function embedTestPicture(model: EmbeddingModel, signal: AbortSignal): Promise<Float32Array> {
  await using image = model.image()
  return await image.embedImage(TEST_PICTURE, { signal })
}

/** Colour ramps of any size: no plain picture, so a tower that ignores its input would show by its zeros. */
const TEST_PICTURE: Picture = {
  width: 256,
  height: 256,
  base: drawRamps(256, 256),
  fit: async (maxSide) => drawRamps(Math.min(256, maxSide), Math.min(256, maxSide)),
  exact: async (width, height) => drawRamps(width, height),
}

function drawRamps(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[at++] = (x * 255) / width
      data[at++] = (y * 255) / height
      data[at++] = ((x + y) * 127) % 256
    }
  }
  return { width, height, channels: 3, data }
}
