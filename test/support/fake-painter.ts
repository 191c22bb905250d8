/** @file A local server that speaks `/v1/images/edits` as OpenAI’s does and draws what it is sent anew, product and all, over another scene. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import type { Rgba } from '../../src/media/canvas.ts'
import { type Redraw, redraw } from './redraw.ts'

export interface FakePainter extends AsyncDisposable {
  readonly url: string
  /** fields of the last request */
  fields: Record<string, string>
  how: Redraw
  /** what becomes of the product, at twice the size of the picture */
  change: (product: Rgba) => Rgba
}

/** @param scene file of a photo that the product is drawn into */
export async function startFakePainter(scene: string): Promise<FakePainter> {
  const server = createServer(async (request, response) => {
    const body = new Response(new Uint8Array(await buffer(request)), { headers: { 'content-type': request.headers['content-type'] ?? '' } })
    const form = await body.formData()
    painter.fields = Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
    const read = async (name: string) => Buffer.from(await (form.get(name) as File).arrayBuffer())
    const { product, middle, side } = await cutByMask(await read('image[]'), await read('mask'))
    const b64_json = (await redraw(painter.change(product), middle, side, scene, painter.how)).toString('base64')
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: [{ b64_json }] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const painter: FakePainter = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    fields: {},
    how: {},
    change: (product) => product,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return painter
}

/** What the mask leaves alone, in its own box, at twice its size. */
async function cutByMask(image: Buffer, mask: Buffer) {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const alpha = await sharp(mask).extractChannel(3).raw().toBuffer()
  const [rows, columns] = [new Set<number>(), new Set<number>()]
  const rgba = new Uint8Array(info.width * info.height * 4)
  for (let i = 0; i < alpha.length; i++) {
    rgba.set([data[i * 3] ?? 0, data[i * 3 + 1] ?? 0, data[i * 3 + 2] ?? 0, alpha[i] ?? 0], i * 4)
    if (!alpha[i]) continue
    rows.add(Math.floor(i / info.width))
    columns.add(i % info.width)
  }
  const [left, top] = [Math.min(...columns), Math.min(...rows)]
  const [width, height] = [Math.max(...columns) - left + 1, Math.max(...rows) - top + 1]
  const large = await sharp(rgba, { raw: { width: info.width, height: info.height, channels: 4 } })
    .extract({ left, top, width, height })
    .resize(2 * width, 2 * height, { fit: 'fill' })
    .raw()
    .toBuffer()
  return {
    product: { width: 2 * width, height: 2 * height, data: new Uint8Array(large) },
    middle: { x: left + width / 2, y: top + height / 2 },
    side: info.width,
  }
}
