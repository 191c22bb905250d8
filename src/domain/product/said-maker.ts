/** @file What the bytes of a picture file say of a model that made it, without a reader of metadata: the words stand in it as they are. */

export interface SaidMaker {
  /** IPTC digital source type, such as `trainedAlgorithmicMedia`; null: the file has none */
  readonly sourceType: string | null
  /** a program that makes pictures by a model, as the file names it; null: none is named */
  readonly program: string | null
}

/** Where such words are: before the picture data, or behind it. */
export const SAID_BYTES = { head: 1024 * 1024, tail: 256 * 1024 }

const SOURCE_TYPE = /digitalsourcetype\/(\w{4,60})/
/** As their files say: XMP and EXIF fields, text chunks of PNG, C2PA claims. ‘DALL·E’ has a sign of two bytes. */
const PROGRAMS = /Midjourney|Stable Diffusion|ComfyUI|DALL.{1,2}E|Adobe Firefly|gpt-image-\d|FLUX\.\d|Imagen \d/

/** @param parts of the file, as `SAID_BYTES` says */
export function readSaidMaker(parts: readonly Uint8Array[]): SaidMaker {
  const texts = parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1'))
  const find = (pattern: RegExp) => texts.map((text) => pattern.exec(text)).find((found) => found !== null)
  return { sourceType: find(SOURCE_TYPE)?.[1] ?? null, program: find(PROGRAMS)?.[0] ?? null }
}
