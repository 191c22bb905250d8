/** @file The thread in which libheif decodes. Each picture gets a fresh WASM instance: a hostile one leaves nothing behind, and its memory goes. */
import { parentPort } from 'node:worker_threads'
// @ts-expect-error the package has types for its WASM module only
import libheifBundle from 'libheif-js/libheif-wasm/libheif-bundle.mjs'
import { makeTiffAround } from './tiff-wrapper.ts'

export interface HeifRequest {
  readonly bytes: Uint8Array
  readonly maxPixels: number
  /** ICC, which libheif’s JavaScript does not hand out */
  readonly profile?: Uint8Array
}
export type HeifAnswer =
  | { readonly code: 'unreadable_picture' | 'too_large'; readonly message: string; readonly detail: string }
  /** uncompressed, of 8 bits, with the colour profile */
  | { readonly tiff: Uint8Array<ArrayBuffer> }

/** What we use of libheif-js 1.23, whose own types are only those of the WASM module. */
interface HeifImage {
  readonly handle: unknown
  get_width(): number
  get_height(): number
  is_primary(): boolean
  has_alpha_channel(): boolean
  free(): void
}
interface Channel {
  readonly id: unknown
  readonly width: number
  readonly height: number
  readonly stride: number
  readonly data: Uint8Array
}
interface Libheif {
  readonly ready: Promise<unknown>
  readonly HeifDecoder: new () => { decoder: unknown; decode(bytes: Uint8Array): HeifImage[] }
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown }
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGB: unknown; readonly heif_chroma_interleaved_RGBA: unknown }
  readonly heif_channel: { readonly heif_channel_interleaved: unknown }
  heif_js_decode_image2(
    handle: unknown,
    colorspace: unknown,
    chroma: unknown,
  ): Promise<{ readonly code?: number; readonly message?: string; readonly image: unknown; readonly channels: Channel[] } | undefined>
  heif_image_release(image: unknown): void
}

// The bundle carries its WASM inside; the package’s own entry makes a single instance, we want one per picture (12 ms).
const makeLibheif = libheifBundle as () => Libheif

/** libheif-js reports by console.log; what it says becomes the error’s detail instead. */
const said: string[] = []
console.log = (...words: unknown[]) =>
  void said.push(
    words
      .map((word) => (word as { message?: unknown } | undefined)?.message ?? word)
      .join(' ')
      .slice(0, 300),
  )

parentPort?.on('message', async (request: HeifRequest) => {
  said.length = 0
  const answer = await decode(request).catch((error: unknown) => refuse('its decoder gave up', String(error)))
  parentPort?.postMessage(answer, 'tiff' in answer ? [answer.tiff.buffer] : [])
})

async function decode({ bytes, maxPixels, profile }: HeifRequest): Promise<HeifAnswer> {
  const libheif = makeLibheif()
  await libheif.ready
  const images = new libheif.HeifDecoder().decode(bytes)
  const image = images.find((candidate) => candidate.is_primary()) ?? images[0]
  if (!image) {
    const kind = /Image item of type '(\w+)' is not supported/.exec(said.join(' '))?.[1]
    return refuse(kind ? `its kind of encoding (${kind}) cannot be read here` : 'no picture can be found in it')
  }
  const [width, height] = [image.get_width(), image.get_height()]
  if (!(width > 0 && height > 0)) return refuse('it says that the picture has no width or height')
  if (width * height > maxPixels) {
    const megapixels = (pixels: number) => Math.round(pixels / 100_000) / 10
    return {
      code: 'too_large',
      message: `the picture has ${width} × ${height} pixels (${megapixels(width * height)} megapixels); at most ${megapixels(maxPixels)} are decoded (setting FOTOTECA_MAX_PIXELS)`,
      detail: '',
    }
  }
  const channels = image.has_alpha_channel() ? 4 : 3
  const { heif_chroma_interleaved_RGB: rgb, heif_chroma_interleaved_RGBA: rgba } = libheif.heif_chroma
  const decoded = await libheif.heif_js_decode_image2(
    image.handle,
    libheif.heif_colorspace.heif_colorspace_RGB,
    channels === 4 ? rgba : rgb,
  )
  if (!decoded || decoded.code) {
    const missing = /has not been built in/.test(said.join(' ') + (decoded?.message ?? ''))
    return refuse(missing ? 'its kind of encoding cannot be read here' : 'its picture data cannot be decoded', decoded?.message)
  }
  const channel = decoded.channels.find(({ id }) => id === libheif.heif_channel.heif_channel_interleaved)
  if (!channel || channel.width < 1 || channel.height < 1) return refuse('its picture data cannot be decoded')
  const { width: columns, height: rows, stride } = channel
  // straight from WASM memory into the TIFF: pixels of 50 MP have 150 MB, and each copy counts
  const { file, pixelsAt } = makeTiffAround({ width: columns, height: rows, channels, ...(profile ? { profile } : {}) })
  const row = columns * channels
  for (let y = 0; y < rows; y++) file.set(channel.data.subarray(y * stride, y * stride + row), pixelsAt + y * row)
  return { tiff: file }
}

function refuse(what: string, detail?: string): HeifAnswer {
  return {
    code: 'unreadable_picture',
    message: `this HEIC file cannot be read: ${what}`,
    detail: [detail, ...said].filter(Boolean).join('; '),
  }
}
